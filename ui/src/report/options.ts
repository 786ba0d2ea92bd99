/** What the two charts of the queue report show. */

import type { EChartsCoreOption } from 'echarts/core'

import type { QueueRow } from '@/api/model'

import { token } from './charts'

export interface ChartWords {
  title(row: QueueRow): string
  metric(name: 'answered' | 'abandoned' | 'released' | 'overflowed' | 'called_back' | 'waiting' | 'service_level'): string
}

const PARTS = [
  ['answered', '--ready'],
  ['abandoned', '--danger'],
  ['released', '--wrap'],
  ['overflowed', '--accent'],
  ['called_back', '--rest'],
  ['waiting', '--offered-line'],
] as const

function common() {
  const text = { color: token('--text-2'), fontFamily: token('--font'), fontSize: 12 }
  return {
    textStyle: text,
    animationDuration: 250,
    aria: { enabled: true },
    axisText: { axisLabel: text, axisLine: { lineStyle: { color: token('--line-strong') } }, axisTick: { show: false } },
    // Drawn on the canvas: HTML tooltips carry inline styles, which the pages' policy forbids.
    tooltip: {
      renderMode: 'richText' as const,
      backgroundColor: token('--surface'),
      borderColor: token('--line-strong'),
      textStyle: { color: token('--text'), fontSize: 12 },
    },
  }
}

export function volumeOption(rows: QueueRow[], words: ChartWords): EChartsCoreOption {
  const { axisText, tooltip, ...rest } = common()
  return {
    ...rest,
    tooltip: { ...tooltip, trigger: 'axis', axisPointer: { type: 'shadow', shadowStyle: { opacity: 0.15 } } },
    legend: { bottom: 0, icon: 'roundRect', itemWidth: 12, itemHeight: 10, textStyle: rest.textStyle },
    grid: { left: 4, right: 18, top: 8, bottom: 34, containLabel: true },
    xAxis: { type: 'value', minInterval: 1, axisLabel: axisText.axisLabel, splitLine: { lineStyle: { color: token('--line') } } },
    yAxis: { type: 'category', inverse: true, data: rows.map(words.title), ...axisText },
    series: PARTS.map(([name, colour]) => ({
      name: words.metric(name),
      type: 'bar',
      stack: 'calls',
      barMaxWidth: 26,
      itemStyle: { color: token(colour), borderColor: token('--surface'), borderWidth: 1 },
      data: rows.map((row) => row[name]),
    })),
  }
}

/** Green from 80 %, amber from 60 %, red below: the usual reading of 80/20. */
function levelColour(level: number): string {
  if (level >= 0.8) return token('--ready')
  return level >= 0.6 ? token('--offered-line') : token('--danger')
}

export function levelOption(rows: QueueRow[], words: ChartWords): EChartsCoreOption {
  const { axisText, tooltip, ...rest } = common()
  return {
    ...rest,
    tooltip: { ...tooltip, trigger: 'item', valueFormatter: (value: unknown) => `${String(value)}%` },
    grid: { left: 4, right: 56, top: 8, bottom: 8, containLabel: true },
    xAxis: { type: 'value', max: 100, axisLabel: { ...axisText.axisLabel, formatter: '{value}%' }, splitLine: { lineStyle: { color: token('--line') } } },
    yAxis: { type: 'category', inverse: true, data: rows.map(words.title), ...axisText },
    series: [
      {
        name: words.metric('service_level'),
        type: 'bar',
        barMaxWidth: 26,
        showBackground: true,
        backgroundStyle: { color: token('--surface-3'), borderRadius: 4 },
        label: { show: true, position: 'right', formatter: '{c}%', color: token('--text'), fontWeight: 600 },
        data: rows.map((row) =>
          row.service_level === null
            ? null
            : {
                value: Number((row.service_level * 100).toFixed(1)),
                itemStyle: { color: levelColour(row.service_level), borderRadius: 4 },
              },
        ),
      },
    ],
  }
}
