// SPDX-License-Identifier: Apache-2.0
#include "desktop/controllers/inspected_call.h"

#include "desktop/models/call_texts.h"
#include "desktop/models/visible_text.h"
#include "desktop/resend_request.h"

#include <QLocale>

#include <algorithm>

namespace luthien::desktop {

using namespace Qt::StringLiterals;
using conversation::CallStatus;
using conversation::Decision;
using conversation::Verdict;

namespace {
/// The decision the call is about: the first that changed something, else the first one about a tool.
const Decision* tellingDecision(const std::vector<Decision>& decisions)
{
    const auto changes = [](const Decision& decision) { return decision.verdict != Verdict::Continue; };
    auto found = std::ranges::find_if(decisions, changes);
    if (found == decisions.end())
        found = std::ranges::find_if(decisions, [](const Decision& decision) { return !decision.tool.empty(); });
    return found == decisions.end() ? nullptr : &*found;
}

QString statusText(const store::CallRow& call)
{
    const std::string_view name = callStatusName(call.status);
    QString text = QString::fromLatin1(name.data(), static_cast<qsizetype>(name.size()));
    text[0] = text[0].toUpper();
    return call.httpStatus == 0 ? text : InspectedCall::tr("%1, HTTP %2").arg(text).arg(call.httpStatus);
}

QString tokensText(const conversation::Usage& usage)
{
    QStringList parts;
    const auto add = [&parts](const QString& words, const auto& count) {
        if (count.value_or(0) > 0)
            parts << words.arg(QLocale().toString(static_cast<qlonglong>(*count)));
    };
    add(InspectedCall::tr("%1 in"), usage.input);
    add(InspectedCall::tr("%1 cached"), usage.cacheRead);
    add(InspectedCall::tr("%1 out"), usage.output);
    return parts.join(u", "_s);
}
} // namespace

InspectedCall::InspectedCall(CallDetailSource& source, const PolicySource& policies, QString address, QObject* parent)
    : QObject(parent)
    , m_source(source)
    , m_policies(policies)
    , m_address(std::move(address))
    , m_request(source, CallSide::Side::Request)
    , m_response(source, CallSide::Side::Response)
{
    connectSource();
    connect(&policies, &PolicySource::changed, this, [this] {
        if (m_detail)
            m_steps.show(m_detail->decisions, m_policies.policies());
    });
}

void InspectedCall::connectSource()
{
    connect(&m_source, &CallDetailSource::detailLoaded, this,
            [this](quint64 token, const std::shared_ptr<const CallDetail>& detail) {
                if (token == m_token)
                    take(detail);
            });
    connect(&m_source, &CallDetailSource::eventsLoaded, this,
            [this](quint64 token, const std::shared_ptr<const std::vector<EventBrief>>& events, bool more) {
                if (token == m_token)
                    takeEvents(*events, more);
            });
    connect(&m_source, &CallDetailSource::eventLoaded, this,
            [this](quint64 token, quint32 seq, const std::shared_ptr<const std::string>& bytes) {
                if (token != m_token || static_cast<int>(seq) != m_eventSeq)
                    return;
                m_eventText.show(bytes, JsonTreeModel::Form::Text);
                m_eventBytes.show(bytes);
            });
    connect(&m_source, &CallDetailSource::formLoaded, this, [this](quint64 token, CallForm form, const QString& text) {
        if (token == m_token)
            Q_EMIT formReady(static_cast<Form>(form), text);
    });
    connect(&m_source, &CallDetailSource::failed, this, [this](quint64 token, const QString& problem) {
        if (token != m_token)
            return;
        m_problem = problem;
        Q_EMIT changed();
    });
}

void InspectedCall::show(const QString& callId)
{
    if (callId == m_callId)
        return;
    m_callId = callId;
    m_detail.reset();
    m_worst = {};
    m_judgedTitle.clear();
    m_judged.show({});
    m_request.clear();
    m_response.clear();
    m_steps.show({}, {});
    reload();
}

void InspectedCall::reload()
{
    ++m_token;
    m_problem.clear();
    m_eventSeq = -1;
    m_areEventsLoaded = false;
    m_eventText.show({});
    m_eventBytes.show({});
    m_events.clear({});
    const auto call = CallId::parse(m_callId.toStdString());
    m_call = call.value_or(CallId());
    if (call)
        m_source.loadDetail(m_token, m_call);
    Q_EMIT changed();
    Q_EMIT eventsChanged();
}

void InspectedCall::take(const std::shared_ptr<const CallDetail>& detail)
{
    m_detail = detail;
    m_worst = worstVerdict(detail->decisions);
    m_steps.show(detail->decisions, m_policies.policies());
    m_timing.show(*detail);
    m_request.begin(m_token, *detail);
    m_response.begin(m_token, *detail);
    m_events.clear(detail->call.startedAt);
    showJudged();
    gatherFacts();
    if (m_areEventsWanted)
        m_source.loadEvents(m_token, m_call, 0);
    Q_EMIT changed();
}

/// The arguments or the text that was judged, as they went on.
void InspectedCall::showJudged()
{
    const Decision* const decision = tellingDecision(m_detail->decisions);
    m_judgedTitle.clear();
    if (decision == nullptr || decision->original.empty())
        return m_judged.show({});
    const bool isChanged = decision->verdict == Verdict::Replace && decision->mode == policy::PolicyMode::Enforce;
    m_judgedTitle = isChanged ? tr("Sent instead") : tr("What was judged");
    const std::string& text = isChanged ? decision->final : decision->original;
    const bool isJson = !findJsonFault(text);
    m_judged.show(std::make_shared<const std::string>(text),
                  isJson ? JsonTreeModel::Form::Json : JsonTreeModel::Form::Text);
}

void InspectedCall::addFact(const QString& name, const QString& value)
{
    if (value.isEmpty())
        return;
    m_factNames << name;
    m_factValues << value;
}

void InspectedCall::gatherFacts()
{
    const store::CallRow& call = m_detail->call;
    m_factNames.clear();
    m_factValues.clear();
    addFact(tr("Status"), statusText(call));
    addFact(tr("Model"), visibleText(call.model));
    addFact(tr("Upstream"), visibleText(call.upstream));
    addFact(tr("Client"), visibleText(call.identity.client + ' ' + call.identity.clientVersion).trimmed());
    addFact(tr("Agent"), visibleText(call.identity.agent));
    addFact(tr("Tokens"), tokensText(call.usage));
    if (call.costUsd)
        addFact(tr("Cost"), u'$' + QLocale().toString(*call.costUsd, 'f', 4));
    if (call.firstTokenAt)
        addFact(tr("First token"), latencyText(*call.firstTokenAt - call.startedAt));
    if (call.response.isKnown())
        addFact(tr("Reply"),
                call.response.changedBytes == 0
                    ? tr("%1, passed on as it came")
                          .arg(QLocale().formattedDataSize(static_cast<qint64>(call.response.bytes)))
                    : tr("%1, changed").arg(QLocale().formattedDataSize(static_cast<qint64>(call.response.bytes))));
    if (const Decision* const decision = tellingDecision(m_detail->decisions))
        addFact(tr("Tool use id"), visibleText(decision->toolId));
    if (!call.cause.isNil())
        addFact(tr("Made for"), call.causePolicy.empty() ? QString::fromStdString(call.cause.toString())
                                                         : visibleText(call.causePolicy));
    addFact(tr("Policies"), visibleText(trialOf(*m_detail)));
    addFact(tr("Error"), visibleText(call.error));
    addFact(tr("Call"), m_callId);
}

void InspectedCall::wantEvents()
{
    if (m_areEventsWanted)
        return;
    m_areEventsWanted = true;
    if (m_detail)
        m_source.loadEvents(m_token, m_call, 0);
}

void InspectedCall::takeEvents(const std::vector<EventBrief>& events, bool more)
{
    m_events.append(events);
    m_areEventsLoaded = !more;
    if (more)
        m_source.loadEvents(m_token, m_call, m_events.nextSeq());
    Q_EMIT eventsChanged();
}

void InspectedCall::openEvent(int row)
{
    const int seq = m_events.seqAt(row);
    if (seq < 0 || seq == m_eventSeq)
        return;
    m_eventSeq = seq;
    m_eventText.show({});
    m_eventBytes.show({});
    m_source.loadEvent(m_token, m_call, static_cast<std::uint32_t>(seq));
    Q_EMIT eventsChanged();
}

void InspectedCall::copyAs(Form form)
{
    m_problem.clear();
    Q_EMIT changed();
    if (m_detail)
        m_source.loadForm(m_token, m_call, static_cast<CallForm>(form), m_address.toStdString());
}

/// A call that runs is read again once it is over, and when a policy has spoken; what is open stays open until then.
void InspectedCall::applyLive(const live::LiveBatch& batch)
{
    if (m_callId.isEmpty() || (m_detail && m_detail->call.status != CallStatus::Open))
        return;
    for (const live::Event& event : batch.events) {
        const auto* const committed = std::get_if<live::Committed>(&event);
        if (committed == nullptr)
            continue;
        const auto isOver = [this](const live::TouchedCall& call) {
            return call.id == m_call && call.status != CallStatus::Open;
        };
        if (std::ranges::any_of(committed->calls, isOver))
            return reload();
    }
}

QString InspectedCall::tool() const
{
    const Decision* const decision = m_detail ? tellingDecision(m_detail->decisions) : nullptr;
    return decision != nullptr ? visibleText(decision->tool) : QString();
}

QString InspectedCall::originalCall() const
{
    return !m_detail || m_detail->original.isNil() ? QString() : QString::fromStdString(m_detail->original.toString());
}

QString InspectedCall::originalSession() const
{
    return m_detail ? QString::fromStdString(m_detail->originalSession) : QString();
}

int InspectedCall::resends() const
{
    return m_detail ? static_cast<int>(m_detail->resends) : 0;
}

QString InspectedCall::resentSession() const
{
    return QString::fromStdString(desktop::resentSession(m_call));
}

QString InspectedCall::title() const
{
    if (!m_detail)
        return {};
    QString about = tool();
    if (!about.isEmpty())
        return about;
    return m_detail->call.model.empty() ? visibleText(m_detail->call.path) : visibleText(m_detail->call.model);
}

QString InspectedCall::place() const
{
    if (!m_detail)
        return {};
    const QLocale locale;
    QString time = clockText(m_detail->call.startedAt);
    if (m_detail->number == 0)
        return time;
    return tr("Call %1 of %2")
               .arg(locale.toString(static_cast<qlonglong>(m_detail->number)),
                    locale.toString(static_cast<qlonglong>(m_detail->calls))) +
           u"  ·  "_s + time;
}

} // namespace luthien::desktop
