// Trusted Types: markup and scripts made from texts are refused by the browser.
// Libraries write style sheets as inner HTML: what has no tag passes. Scripts may be
// loaded from this host alone.

interface Factory {
  createPolicy(name: string, rules: { createHTML(text: string): string; createScriptURL(url: string): string }): unknown;
}

const factory = (globalThis as { trustedTypes?: Factory }).trustedTypes;
factory?.createPolicy('default', {
  createHTML: (text) => {
    if (text.includes('<')) {
      throw new TypeError('markup made from a text');
    }
    return text;
  },
  createScriptURL: (url) => {
    if (new URL(url, location.href).origin !== location.origin) {
      throw new TypeError('a script of another host');
    }
    return url;
  },
});

export {};
