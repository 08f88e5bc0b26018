// Draws the dashboard that ?board= names, and tells a test what it drew: window.board.
import * as D from '@grafana/data';
import { initPluginTranslations } from '@grafana/i18n';
import * as R from '@grafana/runtime';
import * as S from '@grafana/scenes';
import * as U from '@grafana/ui';
import { createRoot } from 'react-dom/client';
import { MemoryRouter } from 'react-router-dom';
import { happened, setUp, theme } from './grafana';
import { setUpPanels } from './panels';
import * as probes from './probes';
import { Prometheus } from './prometheus';
import { scene } from './scene';

// A panel may be asked anew once a variable has its values.
const QUIET_MILLISECONDS = 500;
const source = new Prometheus();

function fields(frames: D.DataFrame[]) {
  return frames.map((frame) => ({
    refId: frame.refId, rows: frame.length,
    fields: frame.fields.map((field) => ({ name: field.name, shown: D.getFieldDisplayName(field, frame, frames), type: field.type, labels: field.labels ?? {},
      finite: field.values.filter((each: unknown) => each !== null && each !== '' && !Number.isNaN(each)).length })),
  }));
}

function drawn(root: S.SceneObject) {
  const found = S.sceneGraph.findAllObjects(root, (each) => each instanceof S.VizPanel) as S.VizPanel[];
  return found.map((each) => {
    const transformed = S.sceneGraph.getData(each).state.data;
    const raw = (each.state.$data as any)?.state.$data?.state.data;
    return { key: each.state.key, title: S.sceneGraph.interpolate(each, each.state.title), state: transformed?.state ?? 'Waiting',
      error: (transformed?.errors?.[0] ?? (transformed as any)?.error)?.message ?? '', asked: fields(raw?.series ?? []), shown: fields(transformed ? (each as any).applyFieldConfig(transformed).series : []) };
  });
}

function settled(root: S.SceneObject) {
  const panels = drawn(root);
  return panels.length > 0 && source.quietFor(QUIET_MILLISECONDS) && panels.every((each) => each.state === 'Done' || each.state === 'Error');
}

async function start() {
  const chosen = new URLSearchParams(location.search);
  const said = await (await fetch(`/boards/${chosen.get('board')}.json`)).json();
  setUp(source);
  setUpPanels();
  await initPluginTranslations('grafana').catch(() => undefined);
  const root = scene(said, chosen);
  Object.assign(window, { board: { panels: () => drawn(root), happened, settled: () => settled(root), ...probes } });
  const Theme = (D as any).ThemeContext.Provider;
  const style = { width: '100%', height: '100%', display: 'flex', background: theme.colors.background.canvas, color: theme.colors.text.primary, fontFamily: theme.typography.fontFamily };
  createRoot(document.getElementById('root')!).render(
    <Theme value={theme}>
      <U.GlobalStyles hackNoBackdropBlur={false as any} isExtensionSidebarOpen={false as any} />
      <U.PortalContainer />
      <MemoryRouter>
        <R.LocationServiceProvider service={R.locationService}>
          <div style={style}>
            <root.Component model={root as any} />
          </div>
        </R.LocationServiceProvider>
      </MemoryRouter>
    </Theme>,
  );
}

window.addEventListener('error', (event) => happened.push(`error: ${event.message}`));
window.addEventListener('unhandledrejection', (event) => happened.push(`rejection: ${event.reason?.stack ?? event.reason}`));
start().catch((error) => happened.push(`start: ${error.stack}`));
