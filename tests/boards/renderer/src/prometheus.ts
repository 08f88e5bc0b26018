// A data source as Grafana's own for Prometheus, over its HTTP API: what its back end does is done here again.
import * as D from '@grafana/data';
import * as R from '@grafana/runtime';
import { Observable, from } from 'rxjs';

type Labels = Record<string, string>;
type Series = { metric: Labels; value?: [number, string]; values?: Array<[number, string]> };

const SCRAPE_SECONDS = 5;

function escaped(text: unknown) {
  return String(text).replace(/\\/g, '\\\\\\\\').replace(/[$^*{}[\]'+?.()|]/g, '\\\\$&');
}

// Values of variables with "All" or with several values stand in regular expressions, so they are escaped for one.
function forQuery(value: string | string[], variable: any) {
  if (typeof value === 'string') {
    return variable.multi || variable.includeAll ? escaped(value) : value.replace(/\\/g, '\\\\').replace(/"/g, '\\"');
  }
  const all = value.map(escaped);
  return all.length === 1 ? all[0] : `(${all.join('|')})`;
}

function named(legend: string | undefined, labels: Labels) {
  return legend ? legend.replace(/{{\s*(\w+)\s*}}/g, (_whole, label) => labels[label] ?? '') : undefined;
}

function number(text: string) {
  return text === '+Inf' ? Infinity : text === '-Inf' ? -Infinity : Number(text);
}

export class Prometheus extends D.DataSourceApi<any> {
  private asking = 0;
  private answered = 0;

  constructor() {
    super({ id: 1, uid: 'prometheus', type: 'prometheus', name: 'Prometheus', access: 'proxy', readOnly: true, jsonData: {},
      meta: { id: 'prometheus', name: 'Prometheus', type: 'datasource', info: { logos: {} } } as any } as any);
    this.interval = `${SCRAPE_SECONDS}s`;
  }

  getRef() {
    return { type: this.type, uid: this.uid };
  }

  query(request: any): any {
    return from(this.answers(request)) as Observable<any>;
  }

  async metricFindQuery(asked: any, options?: any) {
    const text = R.getTemplateSrv().replace(typeof asked === 'string' ? asked : asked.query, options?.scopedVars, forQuery as any);
    const values = /^label_values\((?:(.+),\s*)?(\w+)\)$/.exec(text);
    if (values) {
      const found: string[] = await this.ask(`label/${values[2]}/values`, values[1] ? { 'match[]': values[1] } : {});
      return found.map((each) => ({ text: each, value: each }));
    }
    const result = /^query_result\((.+)\)$/.exec(text);
    if (!result) {
      throw new Error(`no such variable query: ${text}`);
    }
    const found: { result: Series[] } = await this.ask('query', { query: result[1] });
    return found.result.map((each) => {
      const labels = Object.entries(each.metric).map(([label, value]) => `${label}="${value}"`).join(',');
      return { text: `{${labels}} ${each.value?.[1]} ${(each.value?.[0] ?? 0) * 1000}` };
    });
  }

  async testDatasource() {
    return { status: 'success', message: '' };
  }

  // Whether everything that was asked is answered, for so long.
  quietFor(milliseconds: number) {
    return this.asking === 0 && this.answered > 0 && performance.now() - this.answered > milliseconds;
  }

  private async ask(path: string, parameters: Record<string, string>) {
    const asked = new URLSearchParams(parameters);
    const address = `/prometheus/api/v1/${path}`;
    this.asking += 1;
    const said = await (path.startsWith('label') ? fetch(`${address}?${asked}`) : fetch(address, { method: 'POST', body: asked }))
      .then((answer) => answer.json())
      .finally(() => {
        this.asking -= 1;
        this.answered = performance.now();
      });
    if (said.status !== 'success') {
      throw new Error(said.error);
    }
    return said.data;
  }

  private async answers(request: any) {
    const asked = request.targets.filter((target: any) => !target.hide);
    const tables = asked.filter((target: any) => target.format === 'table').length;
    const frames = await Promise.all(asked.map((target: any) => this.answer(request, target, tables > 1)));
    return { data: frames.flat(), state: 'Done' };
  }

  private async answer(request: any, target: any, severalTables: boolean) {
    const [begin, end] = [request.range.from.valueOf() / 1000, request.range.to.valueOf() / 1000];
    const least = target.interval ? D.rangeUtil.intervalToSeconds(target.interval) : SCRAPE_SECONDS;
    const step = Math.max(least, Math.ceil((request.intervalMs ?? 1000) / 1000));
    const scoped = { ...request.scopedVars, __interval: { value: `${step}s` },
      __rate_interval: { value: `${Math.max(step + SCRAPE_SECONDS, 4 * SCRAPE_SECONDS)}s` } };
    const query = R.getTemplateSrv().replace(target.expr, scoped, forQuery as any);
    if (target.instant) {
      const { result } = await this.ask('query', { query, time: String(end) });
      return target.format === 'table' ? [table(target.refId, result, severalTables)] : result.map((each: Series) => frame(target, each, [each.value!]));
    }
    // The back end rounds both ends down to a multiple of the step.
    const { result } = await this.ask('query_range', { query, start: String(Math.floor(begin / step) * step), end: String(Math.floor(end / step) * step), step: String(step) });
    return result.map((each: Series) => frame(target, each, each.values!, step * 1000));
  }
}

function frame(target: any, series: Series, values: Array<[number, string]>, interval?: number) {
  return D.toDataFrame({
    refId: target.refId,
    fields: [
      { name: 'Time', type: D.FieldType.time, values: values.map(([at]) => at * 1000), config: { interval } },
      { name: 'Value', type: D.FieldType.number, labels: series.metric, values: values.map(([, text]) => number(text)), config: { displayNameFromDS: named(target.legendFormat, series.metric) } },
    ],
  });
}

function table(refId: string, result: Series[], several: boolean) {
  const labels = [...new Set(result.flatMap((each) => Object.keys(each.metric)))].sort();
  return D.toDataFrame({
    refId,
    fields: [
      { name: 'Time', type: D.FieldType.time, values: result.map((each) => each.value![0] * 1000) },
      ...labels.map((label) => ({ name: label, type: D.FieldType.string, values: result.map((each) => each.metric[label] ?? '') })),
      { name: several ? `Value #${refId}` : 'Value', type: D.FieldType.number, values: result.map((each) => number(each.value![1])) },
    ],
  });
}
