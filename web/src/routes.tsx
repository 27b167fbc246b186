// Where everything stands: each screen comes when it is first wanted.

import { Redirect, Route, Switch } from 'wouter';
import { lazy } from './shell/lazily';
import { Nothing } from './shell/states';
import { useRoles } from './shell/house';
import { useSpeech } from './words/words';

const Desk = lazy(() => import('./desk/desk').then((m) => ({ default: m.Desk })));
const Board = lazy(() => import('./board/board').then((m) => ({ default: m.Board })));
const ToDo = lazy(() => import('./todo/todo').then((m) => ({ default: m.ToDo })));
const Cases = lazy(() => import('./cases/cases').then((m) => ({ default: m.Cases })));
const Admin = lazy(() => import('./admin/admin').then((m) => ({ default: m.Admin })));
const Me = lazy(() => import('./me/me').then((m) => ({ default: m.Me })));
const CasePrint = lazy(() => import('./print/print').then((m) => ({ default: m.CasePrint })));
const CasePage = lazy(() => import('./cases/page').then((m) => ({ default: m.CasePage })));
const NewLetter = lazy(() => import('./reply/new'));
const Movements = lazy(() => import('./movements/movements').then((m) => ({ default: m.Movements })));
const Overview = lazy(() => import('./overview/overview').then((m) => ({ default: m.Overview })));
const Wall = lazy(() => import('./overview/wall').then((m) => ({ default: m.Wall })));

export function Screens() {
  const { t } = useSpeech();
  return (
    <Switch>
      <Route path="/"><Home /></Route>
      <Route path="/desk"><Desk /></Route>
      <Route path="/offices/:code">{({ code }) => <Board code={code} />}</Route>
      <Route path="/todo"><ToDo /></Route>
      <Route path="/cases"><Cases /></Route>
      <Route path="/cases/new"><NewLetter /></Route>
      <Route path="/cases/:year/:number/print">{({ year, number }) => <CasePrint number={`${year}/${number}`} />}</Route>
      <Route path="/cases/:year/:number">{({ year, number }) => <CasePage number={`${year}/${number}`} />}</Route>
      <Route path="/admin/*?"><Admin /></Route>
      <Route path="/me/*?"><Me /></Route>
      <Route path="/desk/movements"><Movements /></Route>
      <Route path="/overview"><Overview /></Route>
      <Route path="/overview/wall"><Wall /></Route>
      <Route><Nothing>{t.noSuchPage}</Nothing></Route>
    </Switch>
  );
}

/** The page that a person works with most. */
function Home() {
  const { sorter, heads: [office], works, administrator, auditor } = useRoles();
  const to = sorter ? '/desk' : office ? `/offices/${office.code}` : works.length > 0 ? '/todo' : administrator ? '/admin' : auditor ? '/admin/register' : '/cases';
  return <Redirect to={to} replace />;
}
