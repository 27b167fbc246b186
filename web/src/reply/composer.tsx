// Writing a draft: head, files, tools and text, and what is done with it.

import { ActionIcon, Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { EditorContent } from '@tiptap/react';
import { Suspense, useEffect, useMemo, useRef, useState, type DragEvent, type KeyboardEvent } from 'react';
import { ask } from '../api/ask';
import {
  ReplyDiscardDocument, ReplyRemoveFileDocument, ReplyRestoreDocument, ReplyTakeAlongDocument, TemplateFilledDocument,
  type ReplyErrorFragment, type ReplyMetaFragment, type TemplateKind,
} from '../generated/graphql';
import { useCommands } from '../shell/commands';
import { useHouse } from '../shell/house';
import { Icon } from '../shell/icon';
import { lazy } from '../shell/lazily';
import { Failed, Waiting } from '../shell/states';
import { useToast } from '../shell/toasts';
import { useSpeech, useWords } from '../words/words';
import { DiscardDialog, LinkDialog, TemplatePicker } from './dialogs';
import { Fields, useMailboxes } from './fields';
import { Files } from './files';
import { Notices, SavedState } from './notices';
import { shownAt } from './preview';
import css from './reply.module.css';
import { Approvals } from './standing';
import { useOpenReply } from './start';
import { insertHtml, insertPictures, picturesIn, removePicture, setLink, useText, type Around } from './text';
import { Toolbar } from './toolbar';
import { Uploads } from './uploads';
import { firstOf, useDraft, type First } from './use-draft';
import { words } from './words';

const PreviewDialog = lazy(() => import('./preview'));
const SendDialog = lazy(() => import('./send'));

interface Props {
  reply: ReplyMetaFragment;
  /** The reply is this now. */
  changed(reply: ReplyMetaFragment): void;
  /** Asks what it is now. */
  refresh(): Promise<ReplyMetaFragment | null>;
  close(): void;
}

export function Composer(props: Props) {
  const { viewer } = useHouse();
  const { id } = props.reply;
  const { data, isError, refetch } = useQuery({ // not kept: each opening reads what it says now
    queryKey: ['draft', id], queryFn: () => firstOf(viewer.user.id, id), gcTime: 0, staleTime: Infinity,
  });
  if (!data) {
    return isError || data === null ? <Failed again={() => void refetch()} /> : <Waiting />;
  }
  return <Writing {...props} first={data} />;
}

function Writing({ reply, changed, refresh, close, first }: Props & { first: First }) {
  const w = useWords(words);
  const { t, language } = useSpeech();
  const { viewer } = useHouse();
  const toast = useToast();
  const open = useOpenReply();
  const [dialog, setDialog] = useState<'send' | 'preview' | 'discard' | 'link' | TemplateKind | null>(null);
  const [isOver, setOver] = useState(false);
  const toolbar = useRef<HTMLDivElement>(null);
  const pictures = useRef<HTMLInputElement>(null);
  const shown = useRef(new Map<string, string>()); // pictures that were put in here, by content id
  const files = useRef(reply.files);
  files.current = reply.files;
  const draftOf = useRef<ReturnType<typeof useDraft>['draft']>(null);
  const failed = (why: string): void => toast({ tone: 'trouble', text: w.failed(why) });

  const [uploads] = useState(() => new Uploads(reply.uploadPath, reply.id, language, async () => {
    const now = await refresh();
    if (now) {
      draftOf.current?.grew(now.version);
    }
  }));
  const around: Around = {
    label: w.text,
    changed: () => draftOf.current?.change(),
    pathOf: (cid) => {
      const file = files.current.find((f) => f.contentId === cid);
      return shown.current.get(cid) ?? (file && shownAt(file));
    },
    takePictures: (list) => list.forEach(({ cid, file }) => {
      shown.current.set(cid, URL.createObjectURL(file));
      uploads.add(file, cid);
    }),
    takeFiles: (list) => list.forEach((f) => uploads.add(f)),
    left: (n) => toast({ tone: 'trouble', text: w.picturesLeft(n) }),
    link: () => setDialog('link'),
    send: () => setDialog('send'),
  };
  const editor = useText(first.saved.said.html, around);
  const on = useDraft(reply, first, editor);
  const { draft, looking } = on;
  draftOf.current = draft;
  const mailboxes = useMailboxes(reply);
  const disabled = looking !== undefined;
  const goesToText = useRef(reply.to.length > 0); // else the recipients come first
  useEffect(() => {
    editor.setEditable(!disabled, false);
    if (!disabled && goesToText.current) {
      editor.commands.focus('start');
    }
    goesToText.current = true;
  }, [editor, disabled]);
  useEffect(() => {
    const urls = shown.current;
    return () => {
      uploads.stop();
      urls.forEach((url) => URL.revokeObjectURL(url));
    };
  }, [uploads]);

  const edit = async (command: () => Promise<{ reply: ReplyMetaFragment | null; userErrors: readonly ReplyErrorFragment[] }>): Promise<void> => {
    try {
      const { reply: now, userErrors: [error] } = await command();
      if (error) {
        failed(error.message);
      }
      if (now) {
        draft.grew(now.version);
        changed(now);
      }
    } catch {
      failed(t.unreachable);
    }
  };
  const remove = (fileId: string): Promise<void> => edit(async () => (await ask(ReplyRemoveFileDocument, { input: { fileId } })).replyRemoveFile);
  /** Everything typed and attached is on the server; pictures that the text shows no longer are gone. */
  const ready = async (): Promise<boolean> => {
    while (uploads.all.some((u) => u.state !== 'failed')) {
      await new Promise<void>((done) => {
        const stop = uploads.watch(() => {
          stop();
          done();
        });
      });
    }
    const used = picturesIn(editor);
    for (const unused of files.current.filter((f) => f.contentId !== '' && !used.has(f.contentId))) {
      await remove(unused.id);
    }
    return uploads.all.length === 0 && (await draft.flush()) && (await refresh()) !== null;
  };
  const insert = async (templateId: string): Promise<void> => {
    setDialog(null);
    try {
      const { templateFilled: filled } = await ask(TemplateFilledDocument, { templateId, replyId: reply.id });
      if (filled) {
        insertHtml(editor, filled.html);
        if (filled.subject !== '' && draft.fields.subject === '') {
          draft.change({ subject: filled.subject });
        }
        if (filled.unknown.length > 0) {
          toast({ tone: 'trouble', text: w.unknownFields(filled.unknown.join(', ')) });
        }
      }
    } catch {
      failed(t.unreachable);
    }
  };
  const discard = async (): Promise<void> => {
    setDialog(null);
    await draft.flush();
    await edit(async () => {
      const { replyDiscard: told } = await ask(ReplyDiscardDocument, { input: { replyId: reply.id, version: draft.version } });
      const gone = told.reply;
      if (gone && told.userErrors.length === 0) {
        close();
        toast({
          text: w.discarded,
          undo: () => void ask(ReplyRestoreDocument, { input: { replyId: reply.id, version: gone.version } }).then(({ replyRestore: back }) => (back.userErrors[0] ? failed(back.userErrors[0].message) : open(reply.id))).catch(() => failed(t.unreachable)),
        });
      }
      return told;
    });
  };
  const leave = (): void => void draft.flush().finally(close);
  const chosen = mailboxes.find((m) => m.id === on.fields.mailboxId);
  const limit = Math.floor((chosen?.sizeLimit ?? Number(reply.mailbox.sizeLimit)) / Math.max(1, on.fields.to.length + on.fields.cc.length));
  useCommands(useMemo(() => [
    { id: 'reply send', title: `${w.send}…`, group: w.group, possible: !disabled, run: () => setDialog('send') },
    { id: 'reply preview', title: w.preview, group: w.group, run: () => setDialog('preview') },
    { id: 'reply template', title: w.template, group: w.group, possible: !disabled, run: () => setDialog('TEXT') },
    { id: 'reply discard', title: w.discard, group: w.group, possible: !disabled, run: () => setDialog('discard') },
  ], [w, disabled]));

  const press = (event: KeyboardEvent): void => {
    if (event.key === 'F10' && event.altKey) {
      event.preventDefault();
      toolbar.current?.querySelector<HTMLElement>('[tabindex="0"]')?.focus();
    } else if (event.key === 'Enter' && event.ctrlKey && !event.defaultPrevented && !disabled && dialog === null) {
      event.preventDefault();
      setDialog('send');
    }
  };
  const hasFiles = (event: DragEvent): boolean => !disabled && event.dataTransfer.types.includes('Files');
  const backToText = (): void => {
    setDialog(null);
    editor.commands.focus();
  };
  const others = reply.editors.filter((e) => e.id !== viewer.user.id).map((e) => e.name).join(', ');
  return (
    <div
      className={css.composer} data-over={isOver || undefined} onKeyDown={press}
      onDragOver={(e) => {
        if (hasFiles(e)) {
          e.preventDefault();
          setOver(true);
        }
      }}
      onDragLeave={(e) => !e.currentTarget.contains(e.relatedTarget as Node | null) && setOver(false)}
      onDrop={(e) => {
        setOver(false);
        if (hasFiles(e) && !e.isDefaultPrevented()) {
          e.preventDefault();
          around.takeFiles([...e.dataTransfer.files]);
        }
      }}
    >
      <header className={css.bar}>
        <Button leftSection={<Icon name="send" />} disabled={disabled || on.state.kind === 'conflict'} title="Ctrl+Enter" onClick={() => setDialog('send')}>{w.send}</Button>
        <Button variant="default" leftSection={<Icon name="eye" />} onClick={() => setDialog('preview')}><span className={css.wide}>{w.preview}</span></Button>
        <ActionIcon size="lg" variant="subtle" color="gray" disabled={disabled} aria-label={w.discard} title={w.discard} onClick={() => setDialog('discard')}><Icon name="trash" /></ActionIcon>
        <h2>{w.title[reply.manner]}</h2>
        <SavedState state={on.state} />
        <ActionIcon size="lg" variant="subtle" color="gray" aria-label={w.close} title={w.close} onClick={leave}><Icon name="close" /></ActionIcon>
      </header>
      <div className={css.sheet}>
        <Notices reply={reply.id} on={on} editor={editor} me={viewer.user.name} others={others} />
        <Approvals reply={reply} />
        <Fields reply={reply} on={on} mailboxes={mailboxes} />
        <Files
          files={reply.files} uploads={uploads} limit={limit} disabled={disabled} attach={around.takeFiles}
          originals={(reply.answers?.attachments.nodes ?? []).filter((a) => !a.inline && !reply.files.some((f) => f.takenFrom?.id === a.id))}
          remove={(f) => void remove(f.id)}
          cancel={(g) => {
            if (g.cid !== '') {
              removePicture(editor, g.cid);
            }
            void uploads.cancel(g.key);
          }}
          takeAlong={(o) => void edit(async () => (await ask(ReplyTakeAlongDocument, { input: { replyId: reply.id, attachmentId: o.id } })).replyTakeOver)}
        />
        <Toolbar
          ref={toolbar} editor={editor} disabled={disabled}
          tools={{ link: around.link, picture: () => pictures.current?.click(), template: () => setDialog('TEXT'), signature: () => setDialog('SIGNATURE') }}
        />
        <input ref={pictures} type="file" accept="image/png,image/jpeg,image/gif,image/webp" multiple hidden aria-label={w.picture} onChange={(e) => {
          insertPictures(editor, around, [...(e.currentTarget.files ?? [])]);
          e.currentTarget.value = '';
        }} />
        <EditorContent editor={editor} className={css.page} />
        <p className={css.hint}>{w.toolbarHint}</p>
      </div>
      {isOver && <p className={css.drop} aria-hidden><Icon name="clip" size={28} /> {w.dropHere}</p>}
      <Suspense>
        {dialog === 'preview' && <PreviewDialog reply={reply} ready={ready} close={backToText} />}
        {dialog === 'send' && <SendDialog reply={reply} ready={ready} version={() => draft.version} close={backToText} sent={(now) => {
          setDialog(null);
          changed(now);
        }} />}
      </Suspense>
      {dialog === 'discard' && <DiscardDialog discard={() => void discard()} close={backToText} />}
      {(dialog === 'TEXT' || dialog === 'SIGNATURE') && <TemplatePicker kind={dialog} choose={(id) => void insert(id)} close={backToText} />}
      {dialog === 'link' && (
        <LinkDialog
          first={String(editor.getAttributes('link')['href'] ?? '')}
          set={(href) => {
            setDialog(null);
            setLink(editor, href);
          }}
          close={backToText}
        />
      )}
    </div>
  );
}
