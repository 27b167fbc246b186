// Where everything stands: each screen comes when it is first wanted.

import { lazy } from 'react';
import { Redirect, Route, Switch } from 'wouter';
import { Nothing } from './shell/states';
import { useRoles } from './shell/house';
import { useSpeech } from './words/words';

const Desk = lazy(() => import('./desk/desk').then((m) => ({ default: m.Desk })));
const Cases = lazy(() => import('./cases/cases').then((m) => ({ default: m.Cases })));
const Admin = lazy(() => import('./admin/admin').then((m) => ({ default: m.Admin })));
const CasePage = lazy(() => import('./cases/page').then((m) => ({ default: m.CasePage })));
const Movements = lazy(() => import('./movements/movements').then((m) => ({ default: m.Movements })));
const Overview = lazy(() => import('./overview/overview').then((m) => ({ default: m.Overview })));
const Wall = lazy(() => import('./overview/wall').then((m) => ({ default: m.Wall })));

export function Screens() {
  const { t } = useSpeech();
  return (
    <Switch>
      <Route path="/"><Home /></Route>
      <Route path="/desk"><Desk /></Route>
      <Route path="/cases"><Cases /></Route>
      <Route path="/cases/:year/:number">{({ year, number }) => <CasePage number={`${year}/${number}`} />}</Route>
      <Route path="/admin/*?"><Admin /></Route>
      <Route path="/desk/movements"><Movements /></Route>
      <Route path="/overview"><Overview /></Route>
      <Route path="/overview/wall"><Wall /></Route>
      <Route><Nothing>{t.noSuchPage}</Nothing></Route>
    </Switch>
  );
}

/** The page that a person works with most. */
function Home() {
  const roles = useRoles();
  const works = roles.works.length > 0;
  return <Redirect to={roles.sorter ? '/desk' : !works && (roles.administrator || roles.auditor) ? '/admin' : '/cases'} replace />;
}
