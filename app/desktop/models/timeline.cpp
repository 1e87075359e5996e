// SPDX-License-Identifier: Apache-2.0
#include "desktop/models/timeline.h"

#include "desktop/models/call_texts.h"
#include "desktop/models/visible_text.h"

#include <QElapsedTimer>

#include <algorithm>
#include <chrono>
#include <limits>

namespace luthien::desktop {

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using conversation::AnsweredBy;
using conversation::CallStatus;
using conversation::PolicyMode;
using conversation::StopReason;
using conversation::Verdict;

namespace {
// What changes meanwhile is drawn together.
constexpr auto kRebuildAfter = 40ms;
// Of a session of so many calls that it takes long, less often: at most a twentieth of the time.
constexpr int kRebuildShare = 20;
// An agent whose tools take longer has most likely gone.
constexpr std::int64_t kLongestTools = 600'000'000;
constexpr qsizetype kMaxNameInWords = 80;

std::optional<SpanTone> toneOf(const conversation::Decision& decision)
{
    if (decision.mode != PolicyMode::Enforce)
        return std::nullopt;
    switch (decision.verdict) {
    case Verdict::Block:
        return SpanTone::Blocked;
    case Verdict::Replace:
        return SpanTone::Changed;
    case Verdict::Hold:
        return SpanTone::Person;
    case Verdict::Continue:
        break;
    }
    return decision.answeredBy == AnsweredBy::Person ? std::optional(SpanTone::Person) : std::nullopt;
}

bool isHeldByPerson(const conversation::Decision& decision)
{
    return decision.mode == PolicyMode::Enforce && decision.latency.count() > 0 &&
           (decision.answeredBy == AnsweredBy::Person || decision.answeredBy == AnsweredBy::Timeout);
}

QString wordsOf(const conversation::Decision& decision, const PolicyName& nameOf)
{
    const QString what =
        decision.tool.empty() ? Timeline::tr("The reply") : visibleText(fromUtf8(decision.tool).left(kMaxNameInWords));
    const QString who = policyText(nameOf, decision.policyId).left(kMaxNameInWords);
    switch (decision.verdict) {
    case Verdict::Block:
        return Timeline::tr("%1: blocked by %2").arg(what, who);
    case Verdict::Replace:
        return Timeline::tr("%1: changed by %2").arg(what, who);
    case Verdict::Hold:
        return Timeline::tr("%1: held by %2, nobody answered").arg(what, who);
    case Verdict::Continue:
        break;
    }
    return Timeline::tr("%1: allowed by a person").arg(what);
}
} // namespace

Timeline::Timeline(TimelineSource& source, const Clock& clock, QObject* parent)
    : QObject(parent)
    , m_source(source)
    , m_clock(clock)
{
    connect(&source, &TimelineSource::callsLoaded, this,
            [this](const std::shared_ptr<const LoadedTimeline>& loaded) { takeCalls(*loaded); });
    connect(&source, &TimelineSource::decisionsLoaded, this,
            [this](const std::shared_ptr<const LoadedTimeline>& loaded) { takeDecisions(*loaded); });
    connect(&source, &TimelineSource::callLoaded, this, [this](const std::shared_ptr<const LoadedTimeline>& loaded) {
        if (loaded->token != m_token || m_calls.size() >= kMostCalls)
            return;
        for (const store::CallRow& row : loaded->calls)
            put(callFrom(row));
        plan();
    });
    m_rebuild.setSingleShot(true);
    m_rebuild.setInterval(kRebuildAfter);
    connect(&m_rebuild, &QTimer::timeout, this, &Timeline::rebuild);
}

void Timeline::open(const QString& sessionId)
{
    const std::string session = sessionId.toStdString();
    if (session == m_session)
        return;
    ++m_token;
    m_session = session;
    m_calls.clear();
    m_positions.clear();
    m_recorded.clear();
    m_models.clear();
    m_agents.clear();
    m_verdicts.clear();
    m_error.clear();
    m_loading = !m_session.empty();
    m_rebuild.setInterval(kRebuildAfter);
    rebuild();
    Q_EMIT opened();
    if (m_loading)
        m_source.loadCalls(m_token, m_session, std::nullopt);
}

void Timeline::takeCalls(const LoadedTimeline& loaded)
{
    if (loaded.token != m_token)
        return;
    m_error = loaded.error;
    for (const store::CallRow& row : loaded.calls)
        if (m_calls.size() < kMostCalls)
            put(callFrom(row));
    const bool isFull = m_calls.size() >= kMostCalls;
    m_loading = loaded.next.has_value() && !isFull;
    if (m_loading)
        m_source.loadCalls(m_token, m_session, loaded.next);
    else if (m_error.isEmpty())
        m_source.loadDecisions(m_token, m_session, std::nullopt);
    plan();
}

void Timeline::takeDecisions(const LoadedTimeline& loaded)
{
    if (loaded.token != m_token)
        return;
    for (const store::DecisionRow& row : loaded.decisions)
        takeDecision(row.decision);
    if (loaded.next)
        m_source.loadDecisions(m_token, m_session, loaded.next);
    plan();
}

std::uint16_t Timeline::number(std::vector<std::string>& names, const std::string& name)
{
    const auto known = std::ranges::find(names, name);
    if (known == names.end() && names.size() < std::numeric_limits<std::uint16_t>::max()) {
        names.push_back(name);
        return static_cast<std::uint16_t>(names.size() - 1);
    }
    return static_cast<std::uint16_t>(std::min<std::ptrdiff_t>(known - names.begin(), std::ssize(names) - 1));
}

TimelineCall Timeline::callFrom(const store::CallRow& row)
{
    if (row.endedAt)
        m_recorded.insert(row.id);
    return {.id = row.id,
            .startedAt = row.startedAt,
            .firstTokenAt = row.firstTokenAt,
            .endedAt = row.endedAt,
            .heldByPolicy = row.heldByPolicy,
            .heldByPerson = row.heldByPerson,
            .outputTokens = row.usage.output.value_or(0),
            .model = number(m_models, row.model),
            .agent = number(m_agents, row.identity.agent),
            .status = row.status,
            .wantsTools = row.stopReason == StopReason::ToolUse};
}

void Timeline::put(const TimelineCall& call)
{
    if (TimelineCall* known = find(call.id)) {
        *known = call; // its start does not change
        return;
    }
    const auto isBefore = [](const TimelineCall& a, const TimelineCall& b) {
        return std::pair(a.startedAt, a.id) < std::pair(b.startedAt, b.id);
    };
    const auto place = std::ranges::upper_bound(m_calls, call, isBefore);
    const auto position = static_cast<std::size_t>(place - m_calls.begin());
    m_calls.insert(place, call);
    for (std::size_t i = position; i < m_calls.size(); ++i)
        m_positions[m_calls[i].id] = static_cast<std::uint32_t>(i);
}

TimelineCall* Timeline::find(const CallId& id)
{
    const auto known = m_positions.find(id);
    return known == m_positions.end() ? nullptr : &m_calls[known->second];
}

std::optional<std::uint32_t> Timeline::positionOf(const CallId& id) const
{
    const auto known = m_positions.find(id);
    return known == m_positions.end() ? std::nullopt : std::optional(known->second);
}

std::uint32_t Timeline::positionAt(std::int64_t micros) const
{
    const auto found = std::ranges::lower_bound(m_calls, fromMicros(micros), {}, &TimelineCall::startedAt);
    return static_cast<std::uint32_t>(found - m_calls.begin());
}

void Timeline::applyLive(const live::LiveBatch& batch)
{
    if (m_session.empty())
        return;
    for (const live::Event& event : batch.events) {
        if (const auto* begun = std::get_if<live::Opened>(&event))
            takeOpened(*begun);
        else if (const auto* step = std::get_if<live::Delta>(&event))
            takeDelta(*step);
        else if (const auto* end = std::get_if<live::Ended>(&event))
            takeEnded(*end);
        else if (const auto* decided = std::get_if<live::Decided>(&event)) {
            if (find(decided->decision.call) != nullptr) {
                takeDecision(decided->decision);
                plan();
            }
        } else if (const auto* committed = std::get_if<live::Committed>(&event))
            takeCommitted(*committed);
    }
}

void Timeline::takeOpened(const live::Opened& event)
{
    if (event.identity.session != m_session || find(event.call) != nullptr || m_calls.size() >= kMostCalls)
        return;
    // Who the session's own agent is, its first call tells, and that one is being read.
    if (m_agents.empty() && m_loading)
        return;
    put({.id = event.call,
         .startedAt = event.at,
         .firstTokenAt = {},
         .endedAt = {},
         .model = number(m_models, event.model),
         .agent = number(m_agents, event.identity.agent)});
    plan();
}

void Timeline::takeDelta(const live::Delta& event)
{
    using conversation::EventKind;
    const bool isWord = event.kind == EventKind::Text || event.kind == EventKind::Thinking ||
                        event.kind == EventKind::ToolStart || event.kind == EventKind::Opaque;
    TimelineCall* call = isWord ? find(event.call) : nullptr;
    if (call == nullptr || call->firstTokenAt)
        return;
    call->firstTokenAt = event.at;
    plan();
}

void Timeline::takeEnded(const live::Ended& event)
{
    TimelineCall* call = find(event.call);
    if (call == nullptr)
        return;
    call->endedAt = event.at;
    call->status = event.status;
    call->wantsTools = event.stopReason == StopReason::ToolUse;
    call->outputTokens = event.usage.output.value_or(0);
    if (!event.model.empty())
        call->model = number(m_models, event.model);
    plan();
}

void Timeline::takeDecision(const conversation::Decision& decision)
{
    const auto tone = toneOf(decision);
    if (tone) {
        CallVerdict& verdict = m_verdicts[decision.call];
        if (*tone > verdict.tools || verdict.words.isEmpty())
            verdict.words = wordsOf(decision, m_policyName);
        verdict.tools = std::max(verdict.tools, *tone);
    }
    if (!isHeldByPerson(decision))
        return;
    const CallVerdict::Hold hold{toMicros(decision.at) - decision.latency.count(), toMicros(decision.at)};
    auto& holds = m_verdicts[decision.call].holds;
    if (std::ranges::find(holds, hold) == holds.end())
        holds.push_back(hold);
}

/// A call that began elsewhere, or while this session was being read; or what only the record knows of one that ended.
void Timeline::takeCommitted(const live::Committed& event)
{
    for (const live::TouchedCall& touched : event.calls) {
        if (touched.session != m_session || m_loading)
            continue;
        const bool isOver = touched.status != CallStatus::Open;
        if (find(touched.id) == nullptr || (isOver && m_recorded.insert(touched.id).second))
            m_source.loadCall(m_token, touched.id);
    }
}

void Timeline::setWaiting(WaitingSince waiting)
{
    if (waiting == m_waiting)
        return;
    m_waiting = std::move(waiting);
    plan();
}

void Timeline::plan()
{
    if (!m_rebuild.isActive())
        m_rebuild.start();
}

void Timeline::rebuild()
{
    QElapsedTimer timer;
    timer.start();
    TimelineSpans spans = spansOf(m_calls, m_verdicts, m_waiting);
    for (std::size_t lane = 0; lane < kTimelineLanes; ++lane)
        m_lanes[lane] = SpanIndex(std::move(spans.closed[lane]));
    m_open = std::move(spans.open);
    const auto took = std::chrono::milliseconds(timer.elapsed());
    m_rebuild.setInterval(std::max<std::chrono::milliseconds>(kRebuildAfter, took * kRebuildShare));
    Q_EMIT changed();
}

std::vector<Span> Timeline::open(TimelineLane lane) const
{
    std::vector<Span> spans = m_open[static_cast<std::size_t>(lane)];
    const std::int64_t now = toMicros(m_clock.now());
    if (lane == TimelineLane::Tools)
        std::erase_if(spans, [now](const Span& span) { return now - span.from > kLongestTools; });
    for (Span& span : spans)
        span.to = std::max(span.from, now);
    return spans;
}

bool Timeline::isGrowing() const
{
    for (const TimelineLane lane :
         {TimelineLane::Model, TimelineLane::Tools, TimelineLane::Holds, TimelineLane::Agents})
        if (!open(lane).empty())
            return true;
    return false;
}

std::int64_t Timeline::first() const
{
    return m_calls.empty() ? 0 : toMicros(m_calls.front().startedAt);
}

std::int64_t Timeline::last() const
{
    if (m_calls.empty())
        return 0;
    if (isGrowing())
        return std::max(toMicros(m_clock.now()), first());
    std::int64_t last = first();
    for (const SpanIndex& lane : m_lanes)
        last = std::max(last, lane.end());
    return last;
}

QString Timeline::callFacts(const TimelineCall& call) const
{
    QStringList parts;
    const TimePoint end = call.endedAt.value_or(m_clock.now());
    parts += call.endedAt ? durationText(end - call.startedAt)
                          : tr("running for %1").arg(durationText(end - call.startedAt));
    if (call.firstTokenAt)
        parts += tr("first word after %1").arg(durationText(*call.firstTokenAt - call.startedAt));
    if (call.heldByPolicy.count() > 0)
        parts += tr("%1 held by policies").arg(durationText(call.heldByPolicy));
    if (call.outputTokens > 0)
        parts += tr("%1 tokens out").arg(countText(call.outputTokens));
    return parts.join(u" · "_s);
}

QStringList Timeline::facts(TimelineLane lane, std::uint32_t owner) const
{
    const TimelineCall& call = m_calls.at(owner);
    const QString model = visibleText(m_models.at(call.model));
    const QString which = tr("Call %1 of %2 · %3").arg(owner + 1).arg(count()).arg(clockText(call.startedAt));
    const auto verdict = m_verdicts.find(call.id);
    const QString words = verdict == m_verdicts.end() ? QString() : verdict->second.words;
    QStringList facts;
    switch (lane) {
    case TimelineLane::Tools:
        facts = {tr("Tools of call %1").arg(owner + 1), words};
        break;
    case TimelineLane::Holds: {
        facts = {tr("Held of call %1").arg(owner + 1), words};
        if (call.heldByPerson.count() > 0)
            facts += tr("%1 for a person").arg(durationText(call.heldByPerson));
        break;
    }
    case TimelineLane::Model:
    case TimelineLane::Agents: {
        facts = {model.isEmpty() ? tr("Call") : model, which, callFacts(call), words};
        if (lane == TimelineLane::Agents)
            facts.insert(1, visibleText(m_agents.at(call.agent)));
        break;
    }
    }
    facts.removeAll(QString());
    return facts;
}

} // namespace luthien::desktop
