// A dashboard as its JSON says, as a scene.
import * as S from '@grafana/scenes';

const SOURCE = { uid: 'prometheus', type: 'prometheus' };

function variable(said: any, chosen: URLSearchParams) {
  const wanted = chosen.get(`var-${said.name}`);
  const common = { name: said.name, label: said.label, hide: said.hide };
  const current = wanted === null ? { value: said.current?.value ?? '', text: said.current?.text ?? '' } : { value: wanted, text: wanted };
  if (said.type === 'query') {
    return new S.QueryVariable({ ...common, ...current, query: said.query.query, datasource: SOURCE, includeAll: said.includeAll, isMulti: said.multi,
      allValue: said.allValue, refresh: said.refresh, regex: said.regex, sort: said.sort } as any);
  }
  if (said.type === 'datasource') {
    return new S.DataSourceVariable({ ...common, pluginId: said.query, value: SOURCE.uid, text: 'Prometheus' } as any);
  }
  if (said.type === 'custom') {
    return new S.CustomVariable({ ...common, ...current, query: said.query } as any);
  }
  throw new Error(`no such kind of variable: ${said.type}`);
}

function panel(said: any) {
  const data = new S.SceneQueryRunner({ queries: said.targets, datasource: SOURCE, maxDataPoints: said.maxDataPoints });
  return new S.SceneGridItem({
    x: said.gridPos.x, y: said.gridPos.y, width: said.gridPos.w, height: said.gridPos.h,
    body: new S.VizPanel({
      key: `panel-${said.id}`, title: said.title, description: said.description, pluginId: said.type, options: said.options,
      fieldConfig: said.fieldConfig, hoverHeader: said.title === '',
      $data: new S.SceneDataTransformer({ $data: data, transformations: said.transformations ?? [] }),
    } as any),
  } as any);
}

export function scene(said: any, chosen: URLSearchParams) {
  const kiosk = chosen.has('kiosk');
  const controls = [new S.VariableValueSelectors({}), new S.SceneControlsSpacer(), new S.SceneTimePicker({}), new S.SceneRefreshPicker({
    refresh: chosen.get('refresh') ?? said.refresh, intervals: said.timepicker.refresh_intervals } as any)];
  return new S.EmbeddedScene({
    $timeRange: new S.SceneTimeRange({ from: chosen.get('from') ?? said.time.from, to: chosen.get('to') ?? said.time.to }),
    $variables: new S.SceneVariableSet({ variables: said.templating.list.map((each: any) => variable(each, chosen)) }),
    controls: kiosk ? controls.slice(-1) : controls,
    body: new S.SceneGridLayout({ children: said.panels.map(panel) } as any),
  } as any);
}
