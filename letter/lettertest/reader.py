import email, email.policy, json, sys
m = email.message_from_binary_file(sys.stdin.buffer, policy=email.policy.default)
def people(key):
    return [[a.display_name.replace(' ', ''), a.addr_spec] for a in m[key].addresses] if m[key] else []
out = {
    "subject": m["Subject"], "date": m["Date"].datetime.isoformat(), "id": m["Message-ID"], "receipt": m["X-TipoRicevuta"],
    "references": (m["References"] or "").split(),
    "from": people("From"), "to": people("To"), "cc": people("Cc"),
    "text": m.get_body(("plain",)).get_content(), "html": m.get_body(("html",)).get_content(),
    "files": [[p.get_filename(), p.get_content_type(), p.get_content().hex()] for p in m.iter_attachments()]
             if m.get_content_type() == "multipart/mixed" else [],
    "pictures": [[p["Content-ID"], p.get_filename(), p.get_content().hex()] for p in m.walk() if p["Content-ID"]],
    "defects": [str(d) for p in m.walk() for d in p.defects + [e for v in p.values() for e in getattr(v, "defects", [])]],
}
json.dump(out, sys.stdout)
