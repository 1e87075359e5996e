// SPDX-License-Identifier: Apache-2.0
#include "desktop/models/metric_card.h"

#include "desktop/models/call_texts.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QLocale>

#include <cmath>

namespace luthien::desktop {

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {
QString tr(const char* text)
{
    return QCoreApplication::translate("Metrics", text);
}

QString latencyText(double micros)
{
    const QLocale locale;
    if (micros < 1000)
        return locale.toString(micros, 'f', 0) + u"µs"_s;
    if (micros < 10'000)
        return locale.toString(micros / 1000, 'f', 1) + u"ms"_s;
    return durationText(std::chrono::microseconds(std::llround(micros)));
}

QString dollarsText(double dollars)
{
    const bool isSmall = dollars != 0 && dollars < 0.01;
    return u'$' + QLocale().toString(dollars, 'f', isSmall ? 4 : 2);
}
} // namespace

QString amountText(double amount, MetricCard::Unit unit)
{
    switch (unit) {
    case MetricCard::Unit::Count:
        return amount < 10 && amount != std::floor(amount) ? QLocale().toString(amount, 'f', 1)
                                                           : countText(std::llround(amount));
    case MetricCard::Unit::Dollars:
        return dollarsText(amount);
    case MetricCard::Unit::Micros:
        return latencyText(amount);
    case MetricCard::Unit::Bytes:
        return QLocale().formattedDataSize(std::llround(amount), amount < 1024 ? 0 : 1);
    case MetricCard::Unit::Percent:
        return tr("%1 %").arg(QLocale().toString(amount, 'f', 0));
    }
    return {};
}

QString stepText(const MetricCard& card, std::size_t step)
{
    const TimePoint at = card.from + card.step * static_cast<std::int64_t>(step);
    const QDateTime time = QDateTime::fromMSecsSinceEpoch(toMicros(at) / 1000);
    const QLocale locale;
    if (card.step < 1min)
        return time.toString(u"HH:mm:ss"_s);
    if (card.step < 1h)
        return time.toString(u"HH:mm"_s);
    if (card.step < 24h)
        return locale.toString(time, u"ddd HH:mm"_s);
    return locale.toString(time.date(), u"MMM d"_s);
}

QString stepFacts(const MetricCard& card, std::size_t step)
{
    QStringList parts;
    for (const MetricSeries& series : card.series) {
        const double value = series.values[step];
        if (value > 0)
            parts += amountText(value, card.unit) + u' ' + series.name;
    }
    return stepText(card, step) + u"  ·  "_s + (parts.isEmpty() ? tr("nothing") : parts.join(u", "_s));
}

std::vector<MetricRun> runsOf(const MetricSeries& series)
{
    std::vector<MetricRun> runs;
    for (std::size_t step = 0; step < series.values.size(); ++step) {
        if (std::isnan(series.values[step]))
            continue;
        if (runs.empty() || runs.back().end != step)
            runs.push_back({step, step});
        runs.back().end = step + 1;
    }
    return runs;
}

} // namespace luthien::desktop
