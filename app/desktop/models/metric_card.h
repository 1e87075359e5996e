// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/clock.h"

#include <QObject>
#include <QQmlEngine>
#include <QString>

#include <chrono>
#include <cstdint>
#include <vector>

namespace luthien::desktop {

/// What QML chooses colours by.
namespace chart {
Q_NAMESPACE
QML_NAMED_ELEMENT(ChartTone)

enum class Tone { Main, Soft, Quiet, Allowed, Changed, Held, Blocked, Failed };
Q_ENUM_NS(Tone)
} // namespace chart

/// One thing that is measured, over time: a value for each step.
struct MetricSeries
{
    QString name;
    chart::Tone tone = chart::Tone::Main;
    std::vector<double> values; ///< NaN = nothing was measured in that step

    bool operator==(const MetricSeries&) const = default;
};

/// A figure, and how it came about.
struct MetricCard
{
    enum class Form : std::uint8_t {
        Stacked, ///< bars, the series upon each other
        Lines,
    };
    enum class Unit : std::uint8_t {
        Count,
        Dollars,
        Micros, ///< a duration
        Bytes,
        Percent,
    };
    QString title;
    QString value;
    QString detail;
    Form form = Form::Stacked;
    Unit unit = Unit::Count;
    TimePoint from; ///< where the first step begins
    std::chrono::microseconds step{};
    std::vector<MetricSeries> series; ///< all of one length
    bool isRecent = false;            ///< it is not recorded: only the last minutes are known, whatever was asked for

    [[nodiscard]] std::size_t steps() const { return series.empty() ? 0 : series.front().values.size(); }
    bool operator==(const MetricCard&) const = default;
};

/// "12.4k", "$0.62", "134µs", "3.2 MiB", "87 %"
[[nodiscard]] QString amountText(double amount, MetricCard::Unit unit);
/// When a step began: "14:31:20", "14:31", "Mon 14:00", "Nov 3" by its length.
[[nodiscard]] QString stepText(const MetricCard& card, std::size_t step);
/// "14:31 · 12 completed, 1 blocked"; what is 0 is left out.
[[nodiscard]] QString stepFacts(const MetricCard& card, std::size_t step);

/// Steps next to each other that all have a value.
struct MetricRun
{
    std::size_t first = 0;
    std::size_t end = 0; ///< the step after the last one

    bool operator==(const MetricRun&) const = default;
};
[[nodiscard]] std::vector<MetricRun> runsOf(const MetricSeries& series);

} // namespace luthien::desktop
