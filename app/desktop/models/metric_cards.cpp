// SPDX-License-Identifier: Apache-2.0
#include "desktop/models/metric_cards.h"

#include <QCoreApplication>
#include <QLocale>

#include <algorithm>
#include <functional>
#include <limits>
#include <map>
#include <numeric>

namespace luthien::desktop {

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using chart::Tone;
using conversation::CallStatus;
using conversation::PolicyMode;
using std::chrono::microseconds;

namespace {
constexpr microseconds kRecentStep = 10s;
constexpr std::int64_t kRecentSteps = 90;
constexpr double kNanosPerDollar = 1e9;

QString tr(const char* text)
{
    return QCoreApplication::translate("Metrics", text);
}

double totalOf(const MetricSeries& series)
{
    return std::accumulate(series.values.begin(), series.values.end(), 0.0);
}

MetricSeries seriesOf(const QString& name, Tone tone, std::size_t steps)
{
    return {name, tone, std::vector<double>(steps)};
}

/// The steps of a time that was asked for.
struct Steps
{
    explicit Steps(const store::ActivityRequest& request)
        : from(fromMicros(toMicros(request.since) / request.span.count() * request.span.count()))
        , step(request.span)
        , count(static_cast<std::size_t>((request.until - from + step - 1us) / step))
    {
    }

    [[nodiscard]] std::optional<std::size_t> of(TimePoint at) const
    {
        const auto number = at < from ? -1 : (at - from) / step;
        return number >= 0 && number < static_cast<std::int64_t>(count)
                   ? std::optional(static_cast<std::size_t>(number))
                   : std::nullopt;
    }
    [[nodiscard]] MetricCard card(const QString& title, MetricCard::Form form, MetricCard::Unit unit) const
    {
        return {.title = title,
                .value = {},
                .detail = {},
                .form = form,
                .unit = unit,
                .from = from,
                .step = step,
                .series = {}};
    }

    TimePoint from;
    microseconds step;
    std::size_t count;
};

/// "2 blocked, 1 failed": what of the series, from this one on, is not nothing.
QString partsOf(const MetricCard& card, std::size_t first)
{
    QStringList parts;
    for (std::size_t i = first; i < card.series.size(); ++i)
        if (const double total = totalOf(card.series[i]); total > 0)
            parts += amountText(total, card.unit) + u' ' + card.series[i].name;
    return parts.join(u", "_s);
}

MetricCard requestsCard(const store::Activity& activity, const Steps& steps)
{
    MetricCard card = steps.card(tr("Requests"), MetricCard::Form::Stacked, MetricCard::Unit::Count);
    const std::vector<std::pair<CallStatus, MetricSeries>> kinds = {
        {CallStatus::Completed, seriesOf(tr("completed"), Tone::Main, steps.count)},
        {CallStatus::Open, seriesOf(tr("running"), Tone::Allowed, steps.count)},
        {CallStatus::Cancelled, seriesOf(tr("cancelled"), Tone::Quiet, steps.count)},
        {CallStatus::Blocked, seriesOf(tr("blocked"), Tone::Blocked, steps.count)},
        {CallStatus::Truncated, seriesOf(tr("truncated"), Tone::Held, steps.count)},
        {CallStatus::Failed, seriesOf(tr("failed"), Tone::Failed, steps.count)}};
    double total = 0;
    for (const auto& [status, empty] : kinds) {
        MetricSeries series = empty;
        for (const store::CallSum& sum : activity.calls)
            if (const auto step = steps.of(sum.from); step && sum.status == status)
                series.values[*step] += static_cast<double>(sum.calls);
        total += totalOf(series);
        card.series.push_back(std::move(series));
    }
    card.value = amountText(total, card.unit);
    card.detail = partsOf(card, 1);
    return card;
}

MetricCard tokensCard(const store::Activity& activity, const Steps& steps)
{
    MetricCard card = steps.card(tr("Tokens"), MetricCard::Form::Stacked, MetricCard::Unit::Count);
    card.series = {seriesOf(tr("in"), Tone::Main, steps.count), seriesOf(tr("out"), Tone::Allowed, steps.count)};
    double cached = 0;
    for (const store::CallSum& sum : activity.calls) {
        const auto step = steps.of(sum.from);
        if (!step)
            continue;
        card.series[0].values[*step] += static_cast<double>(sum.inputTokens);
        card.series[1].values[*step] += static_cast<double>(sum.outputTokens);
        cached += static_cast<double>(sum.cacheReadTokens);
    }
    const double in = totalOf(card.series[0]);
    const double out = totalOf(card.series[1]);
    card.value = amountText(in + out, card.unit);
    card.detail = tr("%1 in, %2 out").arg(amountText(in, card.unit), amountText(out, card.unit));
    if (cached > 0)
        card.detail += u", "_s + tr("%1 from the provider's cache").arg(amountText(cached, card.unit));
    return card;
}

MetricCard costCard(const store::Activity& activity, const Steps& steps)
{
    MetricCard card = steps.card(tr("Cost"), MetricCard::Form::Stacked, MetricCard::Unit::Dollars);
    card.series = {seriesOf(tr("spent"), Tone::Main, steps.count)};
    for (const store::CallSum& sum : activity.calls)
        if (const auto step = steps.of(sum.from))
            card.series[0].values[*step] += static_cast<double>(sum.costNanoUsd) / kNanosPerDollar;
    card.value = amountText(totalOf(card.series[0]), card.unit);
    card.detail = tr("Calls of models that have a price");
    return card;
}

void addCounts(LatencyCounts& sum, const LatencyCounts& counts)
{
    sum.resize(std::max(sum.size(), counts.size()));
    for (std::size_t i = 0; i < counts.size(); ++i)
        sum[i] += counts[i];
}

/// Three lines of quantiles, and the same of the whole time in words.
MetricCard latencyCard(MetricCard card, const std::vector<LatencyCounts>& counts, const QString& ifNone)
{
    card.form = MetricCard::Form::Lines;
    card.unit = MetricCard::Unit::Micros;
    const auto isEmpty = [](const LatencyCounts& each) {
        return std::ranges::all_of(each, [](std::uint64_t count) { return count == 0; });
    };
    LatencyCounts all;
    for (const LatencyCounts& each : counts)
        addCounts(all, each);
    const std::array<std::tuple<const char*, Tone, double>, 3> quantiles = {
        std::tuple{"p50", Tone::Main, 0.5}, {"p95", Tone::Soft, 0.95}, {"p99", Tone::Quiet, 0.99}};
    QStringList rest;
    for (const auto& [name, tone, share] : quantiles) {
        MetricSeries series = seriesOf(QString::fromLatin1(name), tone, counts.size());
        for (std::size_t i = 0; i < counts.size(); ++i)
            series.values[i] = isEmpty(counts[i]) ? std::numeric_limits<double>::quiet_NaN()
                                                  : static_cast<double>(quantileOf(counts[i], share).count());
        card.series.push_back(std::move(series));
        rest += amountText(static_cast<double>(quantileOf(all, share).count()), card.unit) + u' ' +
                QString::fromLatin1(name);
    }
    card.value = isEmpty(all) ? tr("–") : rest.takeFirst();
    card.detail = isEmpty(all) ? ifNone : rest.join(u", "_s);
    return card;
}

MetricCard recordedLatency(const store::Activity& activity, const Steps& steps, const QString& title,
                           LatencyCounts store::LatencySum::* which)
{
    std::vector<LatencyCounts> counts(steps.count);
    for (const store::LatencySum& sum : activity.latencies)
        if (const auto step = steps.of(sum.from))
            addCounts(counts[*step], sum.*which);
    MetricCard card = latencyCard(steps.card(title, MetricCard::Form::Lines, MetricCard::Unit::Micros), counts,
                                  tr("No call in this time"));
    if (activity.areLatenciesPartial)
        card.detail += u", "_s + tr("of the newest calls");
    return card;
}

MetricCard decisionsCard(const store::Activity& activity, const Steps& steps)
{
    MetricCard card = steps.card(tr("Decisions"), MetricCard::Form::Stacked, MetricCard::Unit::Count);
    card.series = {seriesOf(tr("allowed"), Tone::Allowed, steps.count),
                   seriesOf(tr("changed"), Tone::Changed, steps.count),
                   seriesOf(tr("blocked"), Tone::Blocked, steps.count), seriesOf(tr("held"), Tone::Held, steps.count),
                   seriesOf(tr("in shadow"), Tone::Quiet, steps.count)};
    for (const store::DecisionSum& sum : activity.decisions) {
        const auto step = steps.of(sum.from);
        // In the order of the verdicts: continue, replace, block, hold.
        const auto series = sum.mode == PolicyMode::Enforce ? static_cast<std::size_t>(sum.verdict) : 4;
        if (step && series < card.series.size())
            card.series[series].values[*step] += static_cast<double>(sum.decisions);
    }
    double total = 0;
    for (const MetricSeries& series : card.series)
        total += totalOf(series);
    card.value = amountText(total, card.unit);
    card.detail = total > 0 ? partsOf(card, 0) : tr("No policy had anything to say");
    return card;
}

/// Samples as steps of ten seconds that end now. A step that nobody looked at holds nothing.
class Recent
{
public:
    Recent(const MetricsHistory::Samples& samples, TimePoint now)
        : m_first(fromMicros((toMicros(now) / kRecentStep.count() - kRecentSteps + 1) * kRecentStep.count()))
        , m_samples(samples)
    {
    }

    [[nodiscard]] MetricCard card(const QString& title, MetricCard::Form form, MetricCard::Unit unit) const
    {
        return {.title = title,
                .value = {},
                .detail = {},
                .form = form,
                .unit = unit,
                .from = m_first,
                .step = kRecentStep,
                .series = {},
                .isRecent = true};
    }
    /// The greatest value of a gauge in each step.
    [[nodiscard]] MetricSeries greatest(const QString& name, Tone tone,
                                        const std::function<double(const MetricsSample&)>& value) const
    {
        MetricSeries series = seriesOf(name, tone, kRecentSteps);
        for (const auto& sample : m_samples)
            if (const auto step = stepOf(sample->at))
                series.values[*step] = std::max(series.values[*step], value(*sample));
        return series;
    }
    /// How much a counter grew in each step, by the second.
    [[nodiscard]] MetricSeries growth(const QString& name, Tone tone, Metric metric) const
    {
        MetricSeries series = seriesOf(name, tone, kRecentSteps);
        eachGrowth([&](std::size_t step, const MetricsSample& before, const MetricsSample& after) {
            series.values[step] += static_cast<double>(after.count(metric) - before.count(metric));
        });
        return series;
    }
    [[nodiscard]] std::vector<LatencyCounts> added() const
    {
        std::vector<LatencyCounts> counts(kRecentSteps);
        eachGrowth([&](std::size_t step, const MetricsSample& before, const MetricsSample& after) {
            LatencyCounts grown = after.added;
            std::ranges::transform(grown, before.added, grown.begin(), std::minus());
            addCounts(counts[step], grown);
        });
        return counts;
    }
    [[nodiscard]] const MetricsSample* newest() const { return m_samples.empty() ? nullptr : m_samples.back().get(); }

private:
    [[nodiscard]] std::optional<std::size_t> stepOf(TimePoint at) const
    {
        const std::int64_t step = at < m_first ? -1 : (at - m_first) / kRecentStep;
        return step >= 0 && step < kRecentSteps ? std::optional(static_cast<std::size_t>(step)) : std::nullopt;
    }
    void eachGrowth(const std::function<void(std::size_t, const MetricsSample&, const MetricsSample&)>& take) const
    {
        for (std::size_t i = 1; i < m_samples.size(); ++i)
            if (const auto step = stepOf(m_samples[i]->at))
                take(*step, *m_samples[i - 1], *m_samples[i]);
    }

    TimePoint m_first;
    const MetricsHistory::Samples& m_samples;
};

MetricCard loadCard(const Recent& recent)
{
    MetricCard card = recent.card(tr("Connections"), MetricCard::Form::Lines, MetricCard::Unit::Count);
    const auto open = [](const MetricsSample& sample) { return static_cast<double>(sample.openCalls()); };
    const auto connections = [](const MetricsSample& sample) { return static_cast<double>(sample.gauges.connections); };
    card.series = {recent.greatest(tr("connections"), Tone::Main, connections),
                   recent.greatest(tr("calls under way"), Tone::Allowed, open)};
    const MetricsSample* newest = recent.newest();
    card.value = amountText(newest != nullptr ? connections(*newest) : 0, card.unit);
    card.detail = tr("%1 calls under way").arg(amountText(newest != nullptr ? open(*newest) : 0, card.unit));
    return card;
}

MetricCard journalCard(const Recent& recent)
{
    MetricCard card = recent.card(tr("Journal"), MetricCard::Form::Lines, MetricCard::Unit::Bytes);
    const auto backlog = [](const MetricsSample& sample) { return static_cast<double>(sample.gauges.backlogBytes); };
    card.series = {recent.greatest(tr("not yet in the database"), Tone::Main, backlog)};
    const MetricsSample* newest = recent.newest();
    card.value = amountText(newest != nullptr ? backlog(*newest) : 0, card.unit);
    const auto count = [newest](Metric metric) { return newest != nullptr ? newest->count(metric) : 0; };
    const bool rests = count(Metric::StoreBreakerOpens) > count(Metric::StoreBreakerCloses);
    card.detail = rests ? tr("The database is given a rest") : tr("The database takes it in");
    if (const auto stalls = count(Metric::JournalStalls); stalls > 0)
        card.detail += u", "_s + tr("%1 waits for room").arg(stalls);
    return card;
}

MetricCard cacheCard(const Recent& recent)
{
    MetricCard card = recent.card(tr("Read from memory"), MetricCard::Form::Stacked, MetricCard::Unit::Count);
    card.series = {recent.growth(tr("from memory"), Tone::Main, Metric::StoreCacheHits),
                   recent.growth(tr("from the database"), Tone::Quiet, Metric::StoreCacheMisses)};
    const double hits = totalOf(card.series[0]);
    const double all = hits + totalOf(card.series[1]);
    card.value = all > 0 ? amountText(100 * hits / all, MetricCard::Unit::Percent) : tr("–");
    card.detail = all > 0 ? tr("of %1 recorded texts that were read").arg(amountText(all, card.unit))
                          : tr("No recorded text was read");
    return card;
}

MetricCard trafficCard(const Recent& recent)
{
    MetricCard card = recent.card(tr("Traffic"), MetricCard::Form::Stacked, MetricCard::Unit::Bytes);
    card.series = {recent.growth(tr("to agents"), Tone::Main, Metric::BytesToClients),
                   recent.growth(tr("from agents"), Tone::Soft, Metric::BytesFromClients)};
    card.value = amountText(totalOf(card.series[0]) + totalOf(card.series[1]), card.unit);
    const double events = totalOf(recent.growth({}, Tone::Main, Metric::EventsRecorded));
    card.detail = tr("%1 events recorded").arg(amountText(events, MetricCard::Unit::Count));
    return card;
}

MetricCard troubleCard(const Recent& recent)
{
    MetricCard card = recent.card(tr("Trouble"), MetricCard::Form::Stacked, MetricCard::Unit::Count);
    card.series = {recent.growth(tr("upstream errors"), Tone::Failed, Metric::UpstreamErrors),
                   recent.growth(tr("requests refused"), Tone::Blocked, Metric::RequestsRejected),
                   recent.growth(tr("store errors"), Tone::Held, Metric::StoreErrors),
                   recent.growth(tr("unreadable replies"), Tone::Changed, Metric::ParseErrors)};
    double total = 0;
    QStringList parts;
    for (const MetricSeries& series : card.series) {
        total += totalOf(series);
        if (totalOf(series) > 0)
            parts += amountText(totalOf(series), card.unit) + u' ' + series.name;
    }
    card.value = amountText(total, card.unit);
    card.detail = parts.isEmpty() ? tr("None") : parts.join(u", "_s);
    return card;
}
} // namespace

std::vector<MetricCard> recordedCards(const store::Activity& activity, const store::ActivityRequest& request)
{
    const Steps steps(request);
    return {requestsCard(activity, steps),
            tokensCard(activity, steps),
            costCard(activity, steps),
            decisionsCard(activity, steps),
            recordedLatency(activity, steps, tr("First byte"), &store::LatencySum::firstByte),
            recordedLatency(activity, steps, tr("First word"), &store::LatencySum::firstToken)};
}

std::vector<MetricCard> recentCards(const MetricsHistory::Samples& samples, TimePoint now)
{
    const Recent recent(samples, now);
    MetricCard added =
        latencyCard(recent.card(tr("Added by Luthien"), MetricCard::Form::Lines, MetricCard::Unit::Micros),
                    recent.added(), tr("No call has ended in this time"));
    return {std::move(added),  loadCard(recent),    journalCard(recent),
            cacheCard(recent), trafficCard(recent), troubleCard(recent)};
}

} // namespace luthien::desktop
