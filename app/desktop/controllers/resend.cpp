// SPDX-License-Identifier: Apache-2.0
#include "desktop/controllers/resend.h"

#include "desktop/models/chain_steps.h"
#include "desktop/models/readable_json.h"
#include "desktop/models/visible_text.h"
#include "desktop/resend_request.h"

namespace luthien::desktop {

using namespace Qt::StringLiterals;
using conversation::CallStatus;

namespace {
// Comparing longer ones would keep the window waiting.
constexpr std::size_t kLongestCompared = 1 << 20;

QString outcomeOf(const CallDetail* detail)
{
    if (detail == nullptr)
        return {};
    const std::string_view name = callStatusName(detail->call.status);
    QString text = QString::fromLatin1(name.data(), static_cast<qsizetype>(name.size()));
    text[0] = text[0].toUpper();
    if (detail->call.httpStatus != 0)
        text += u", HTTP "_s + QString::number(detail->call.httpStatus);
    const ConversationRow verdict = worstVerdict(detail->decisions);
    return verdict.title.isEmpty() ? text : text + u". "_s + verdict.title + u'.';
}
} // namespace

Resend::Resend(CallDetailSource& details, RequestSender& sender, PolicyEditor& editor, TryDraft tryDraft,
               QObject* parent)
    : QObject(parent)
    , m_details(details)
    , m_sender(sender)
    , m_editor(editor)
    , m_tryDraft(std::move(tryDraft))
{
    connect(&editor, &PolicyEditor::changed, this, &Resend::draftChanged);
    connectSources();
}

void Resend::connectSources()
{
    connect(&m_details, &CallDetailSource::detailLoaded, this,
            [this](quint64 token, const std::shared_ptr<const CallDetail>& detail) {
                if (token == m_token)
                    takeOriginal(detail);
                else if (token == m_newToken && m_isRunning)
                    takeNew(detail);
            });
    connect(&m_details, &CallDetailSource::textLoaded, this,
            [this](quint64 token, CallText which, const std::shared_ptr<const std::string>& text) {
                if (token == m_token)
                    takeOriginalText(which, text);
                else if (token == m_newToken && m_isRunning)
                    takeNewText(text);
            });
    connect(&m_details, &CallDetailSource::failed, this, [this](quint64 token, const QString& problem) {
        // The record may not have the new call yet: then a commit tells when.
        if (token == m_newToken && m_isRunning && m_isRecorded)
            return fail(problem);
        if (token != m_token)
            return;
        m_problem = problem;
        Q_EMIT changed();
    });
    connect(&m_sender, &RequestSender::answered, this, [this](quint64 token, CallId call, int) {
        if (token == m_newToken && m_isRunning)
            takeAnswer(call);
    });
    connect(&m_sender, &RequestSender::failed, this, [this](quint64 token, const QString& problem) {
        if (token == m_newToken && m_isRunning)
            fail(problem);
    });
}

void Resend::open(const QString& callId)
{
    close();
    const auto call = CallId::parse(callId.toStdString());
    if (!call)
        return;
    m_callId = callId;
    m_details.loadDetail(m_token, *call);
    m_details.loadText(m_token, *call, CallText::Request);
    m_details.loadText(m_token, *call, CallText::Reply);
    Q_EMIT changed();
}

void Resend::close()
{
    m_sender.cancel();
    m_token = ++m_lastToken;
    m_newToken = ++m_lastToken;
    m_callId.clear();
    m_problem.clear();
    m_isRunning = false;
    m_newCall = {};
    m_original.reset();
    m_new.reset();
    m_body.reset();
    m_oldReply.show({});
    m_newReply.show({});
    m_differences.compare({}, {});
    Q_EMIT changed();
}

void Resend::takeOriginal(const std::shared_ptr<const CallDetail>& detail)
{
    m_original = detail;
    m_isKeyWanted = needsCredential(*detail);
    Q_EMIT changed();
}

void Resend::takeOriginalText(CallText which, const std::shared_ptr<const std::string>& text)
{
    if (which == CallText::Request)
        m_body = text;
    else
        m_oldReply.show(text);
    Q_EMIT changed();
}

void Resend::takeNew(const std::shared_ptr<const CallDetail>& detail)
{
    if (detail->call.status == CallStatus::Open || m_new)
        return;
    m_isRecorded = true;
    m_new = detail;
    m_details.loadText(m_newToken, m_newCall, CallText::Reply);
    Q_EMIT changed();
}

void Resend::takeNewText(const std::shared_ptr<const std::string>& text)
{
    m_newReply.show(text);
    const std::shared_ptr<const std::string>& old = m_oldReply.shown();
    if (old && std::max(old->size(), text->size()) <= kLongestCompared)
        m_differences.compare(indentJson(*old), indentJson(*text));
    m_isRunning = false;
    Q_EMIT changed();
}

void Resend::send(const QString& key, Policies policies)
{
    if (!isReady() || (policies == WithDraft && draft().isEmpty()))
        return;
    const auto trial = policies == WithDraft ? m_tryDraft(m_editor.draft()) : Result<std::string>(std::string());
    if (!trial)
        return fail(visibleText(trial.error().toString()));
    const std::string credential = key.trimmed().toStdString();
    const std::string authority = m_sender.authority();
    const std::string clientToken = m_sender.clientToken();
    const auto wire =
        resendRequest(*m_original, *m_body,
                      {.credential = credential, .authority = authority, .clientToken = clientToken, .trial = *trial});
    if (!wire)
        return fail(visibleText(wire.error().message));
    m_problem.clear();
    m_newCall = {};
    m_new.reset();
    m_newReply.show({});
    m_differences.compare({}, {});
    m_isRunning = true;
    m_isRecorded = false;
    m_newToken = ++m_lastToken;
    m_sender.send(m_newToken, *wire);
    Q_EMIT changed();
}

void Resend::stop()
{
    if (!m_isRunning)
        return;
    m_sender.cancel();
    m_newToken = ++m_lastToken; // what is under way is not wanted any more
    m_isRunning = false;
    Q_EMIT changed();
}

void Resend::takeAnswer(CallId call)
{
    m_newCall = call;
    readNew();
    Q_EMIT changed();
}

void Resend::readNew()
{
    m_details.loadDetail(m_newToken, m_newCall);
}

void Resend::applyLive(const live::LiveBatch& batch)
{
    if (!m_isRunning || m_newCall.isNil() || m_new)
        return;
    for (const live::Event& event : batch.events) {
        const auto* const committed = std::get_if<live::Committed>(&event);
        if (committed == nullptr)
            continue;
        for (const live::TouchedCall& call : committed->calls)
            if (call.id == m_newCall && call.status != CallStatus::Open) {
                m_isRecorded = true;
                return readNew();
            }
    }
}

void Resend::fail(const QString& problem)
{
    m_isRunning = false;
    m_problem = problem;
    Q_EMIT changed();
}

QString Resend::title() const
{
    return m_original ? visibleText(m_original->call.model) : QString();
}

QString Resend::draft() const
{
    if (!m_editor.isModified())
        return {};
    return visibleText(m_editor.name().isEmpty() ? m_editor.policyId() : m_editor.name());
}

QString Resend::trial() const
{
    return m_new ? visibleText(trialOf(*m_new)) : QString();
}

QString Resend::newCallId() const
{
    return m_newCall.isNil() ? QString() : QString::fromStdString(m_newCall.toString());
}

QString Resend::newSessionId() const
{
    return m_new ? QString::fromStdString(m_new->call.identity.session) : QString();
}

QString Resend::before() const
{
    return outcomeOf(m_original.get());
}

QString Resend::after() const
{
    return outcomeOf(m_new.get());
}

} // namespace luthien::desktop
