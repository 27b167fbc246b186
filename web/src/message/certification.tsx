// What was verified of a message in every detail, folded below it.

import { Anchor } from '@mantine/core';
import type { MessageShownFragment } from '../generated/graphql';
import { useSpeech, useWords } from '../words/words';
import { faults } from './faults';
import { judge } from './judge';
import { Line, Lines } from './lines';
import css from './message.module.css';
import { words } from './words';

export default function Certification({ message }: { message: MessageShownFragment }) {
  const { t, dates } = useSpeech();
  const w = useWords(words);
  const f = useWords(faults);
  const { verdict, certification } = message;
  const remarks = judge(message).tone === 'good' ? verdict.reasons : []; // others stand above the text
  return (
    <details className={css.certification}>
      <summary>{t.message.certification}</summary>
      <Lines>
        <Line name={t.message.status}>{t.kinds[message.kind]} · {t.verdicts[verdict.status]}</Line>
        {remarks.length > 0 && <Line name={w.remarks}>{remarks.map((r) => f.reasons[r.code] ?? r.detail).join(' ')}</Line>}
        {certification?.provider && <Line name={t.message.provider}>{certification.provider}</Line>}
        {message.identifier && <Line name={t.message.identifier}>{message.identifier}</Line>}
        {certification?.time && <Line name={t.message.certified}>{dates.exact(certification.time)}</Line>}
        {verdict.signer && <Line name={t.message.signer}>{verdict.signer}</Line>}
        {verdict.issuer && <Line name={t.message.issuer}>{verdict.issuer}</Line>}
        {verdict.time && <Line name={t.message.signatureTime}>{dates.exact(verdict.time)}</Line>}
        {verdict.digest && <Line name={t.message.digest}>{verdict.digest}</Line>}
        {verdict.revocation && <Line name={t.message.revocation}>{t.message.revocations[verdict.revocation] ?? verdict.revocation}</Line>}
        {message.problems.length > 0 && <Line name={t.message.problems}>{message.problems.map((p) => f.problems[p.code] ?? p.detail).join(' ')}</Line>}
        <Line name={t.message.original}>
          <Anchor href={message.original.path} download>{t.message.download(t.message.original, dates.bytes(Number(message.original.size)))}</Anchor>
          <br /><small className={css.hash}>{t.message.sha256} {message.original.sha256}</small>
        </Line>
      </Lines>
    </details>
  );
}
