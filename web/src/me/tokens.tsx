import { Button, Checkbox, TextInput } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import shared from '../admin/admin.module.css';
import { Confirm } from '../admin/confirm';
import { Raw, State } from '../admin/parts';
import { useSaving } from '../admin/saving';
import { Table } from '../admin/table';
import { ask } from '../api/ask';
import { startOfDay } from '../shell/days';
import { MyTokensDocument, TokenMakeDocument, TokenRevokeDocument, type MyTokensQuery, type TokenScope } from '../generated/graphql';
import { Icon } from '../shell/icon';
import { Nothing, Waiting } from '../shell/states';
import { useToast } from '../shell/toasts';
import { useSpeech, useWords } from '../words/words';
import css from './me.module.css';
import { words } from './words';

type Token = MyTokensQuery['tokens'][number];

/** With what programs come in in one's name. */
export function Tokens() {
  const { dates } = useSpeech();
  const w = useWords(words);
  const toast = useToast();
  const answers = useQueryClient();
  const { data } = useQuery({ queryKey: ['tokens'], queryFn: async ({ signal }) => (await ask(MyTokensDocument, {}, signal)).tokens });
  const [revoking, setRevoking] = useState<Token | null>(null);
  if (!data) {
    return <Waiting />;
  }
  const holds = (x: Token): boolean => x.revokedAt === null && Date.parse(x.expiresAt) > Date.now();
  return (
    <div className={css.page}>
      <p className={shared.said}>{w.tokensTold}</p>
      <Make />
      {data.length === 0
        ? <Nothing>{w.noTokens}</Nothing>
        : (
          <Table
            label={w.sections.tokens}
            rows={data}
            keyOf={(x) => x.id}
            columns={[
              { title: w.tokenName, cell: (x) => <b>{x.name}</b> },
              { title: w.tokenScopes, cell: (x) => x.scopes.map((s) => w.scopes[s]).join(', ') },
              { title: w.tokenMade, cell: (x) => dates.day(x.createdAt) },
              { title: w.tokenExpires, cell: (x) => dates.day(x.expiresAt) },
              { title: w.tokenUsed, cell: (x) => (x.usedAt ? dates.moment(x.usedAt) : w.neverUsed) },
              { title: w.tokenState, cell: (x) => (holds(x)
                ? <Button size="compact-md" variant="default" aria-label={`${w.revoke}: ${x.name}`} onClick={() => setRevoking(x)}>{w.revoke}</Button>
                : <State tone="quiet">{x.revokedAt ? w.isRevoked(dates.day(x.revokedAt)) : w.isOver}</State>) },
            ]}
          />
        )}
      {revoking && (
        <Confirm
          title={w.revokeTitle(revoking.name)} verb={w.revoke} typed={revoking.name} label={w.typeName(revoking.name)} impact={w.revokeImpact} close={() => setRevoking(null)}
          command={async () => (await ask(TokenRevokeDocument, { id: revoking.id })).tokenRevoke.userErrors}
          done={() => {
            toast({ text: w.revoked });
            void answers.invalidateQueries({ queryKey: ['tokens'] });
          }}
        />
      )}
    </div>
  );
}

const further = ['CONTENT', 'WRITE'] as const satisfies readonly TokenScope[];

function Make() {
  const w = useWords(words);
  const answers = useQueryClient();
  const saving = useSaving('name', 'expiresAt');
  const [fields, setFields] = useState<{ name: string; expires: string; scopes: readonly TokenScope[] }>({ name: '', expires: '', scopes: ['READ'] });
  const [secret, setSecret] = useState('');
  const submit = async (): Promise<void> => {
    const done = await saving.save(async () => {
      const { tokenMake } = await ask(TokenMakeDocument, { input: { name: fields.name, scopes: [...fields.scopes], expiresAt: startOfDay(fields.expires, 1).toISOString() } });
      setSecret(tokenMake.secret ?? '');
      return tokenMake.userErrors;
    });
    if (done) {
      setFields({ name: '', expires: '', scopes: ['READ'] });
      void answers.invalidateQueries({ queryKey: ['tokens'] });
    }
  };
  return (
    <form ref={saving.form} className={css.part} noValidate aria-label={w.make} onSubmit={(e) => {
      e.preventDefault();
      if (fields.expires !== '') {
        void submit();
      }
    }}>
      <div className={css.row}>
        <TextInput label={w.tokenName} value={fields.name} error={saving.at('name')} onChange={(e) => setFields({ ...fields, name: e.currentTarget.value })} />
        <TextInput type="date" label={w.tokenExpires} value={fields.expires} error={saving.at('expiresAt')} onChange={(e) => setFields({ ...fields, expires: e.currentTarget.value })} />
      </div>
      <fieldset className={css.kinds}>
        <legend>{w.tokenScopes}</legend>
        <Checkbox size="md" label={w.scopes.READ} checked disabled />
        {further.map((s) => (
          <Checkbox
            key={s} size="md" label={w.scopes[s]} checked={fields.scopes.includes(s)}
            onChange={(e) => setFields({ ...fields, scopes: e.currentTarget.checked ? [...fields.scopes, s] : fields.scopes.filter((x) => x !== s) })}
          />
        ))}
      </fieldset>
      {saving.whole && <p className={shared.wrong} role="alert"><Icon name="alert" /> {saving.whole}</p>}
      <div><Button type="submit" disabled={fields.name.trim() === '' || fields.expires === ''} loading={saving.saving}>{w.make}</Button></div>
      {secret !== '' && <div role="status">{w.secret} <Raw text={secret} /></div>}
    </form>
  );
}
