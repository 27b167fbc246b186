// What runs beside every screen and need not come with the first one: versions, what
// waits for the network, the session's end, what is kept here, the number on the icon.

import { Badge } from '../push/badge';
import { Keeping } from './keeping';
import { QueueBar } from './queue-bar';
import { SessionEnd } from './session-end';
import { VersionBar } from './version-bar';

export default function Beside() {
  return (
    <>
      <VersionBar />
      <QueueBar />
      <SessionEnd />
      <Keeping />
      <Badge />
    </>
  );
}
