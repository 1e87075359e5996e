// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "desktop/controllers/inspected_call.h"
#include "desktop/controllers/replay.h"
#include "desktop/controllers/resend.h"
#include "desktop/window_parts.h"
#include "fake_call_details.h"
#include "fake_policies.h"
#include "fake_recordings.h"
#include "fake_sender.h"

#include <QObject>

/// What the inspector and the replay show in tests: one call, in which every text is a hostile one.
class InspectorFixture : public QObject
{
    Q_OBJECT
    Q_PROPERTY(luthien::desktop::InspectedCall* call READ call CONSTANT)
    Q_PROPERTY(luthien::desktop::Replay* replay READ replay CONSTANT)
    Q_PROPERTY(luthien::desktop::Resend* resend READ resend CONSTANT)
    Q_PROPERTY(QString callId READ callId CONSTANT)

public:
    explicit InspectorFixture(const QString& hostile)
        : m_hostile(hostile.toStdString())
    {
        m_source.detail = luthien::test::changedCall();
        auto& decision = m_source.detail.decisions.front();
        m_source.detail.call.model = m_source.detail.call.error = m_hostile;
        decision.reason = decision.tool = decision.policyId = m_hostile;
        m_source.detail.requestHead = "{\"method\":\"POST\",\"target\":\"/" + quoted() + "\",\"headers\":[[\"" +
                                      quoted() + "\",\"" + quoted() + "\"]]}";
        m_source.texts[luthien::desktop::CallText::Request] =
            "{\"text\":\"" + quoted() + "\",\"" + quoted() + "\":{\"list\":[1,2,3]},\"code\":\"one\\ntwo\"}";
        m_source.texts[luthien::desktop::CallText::Reply] = "{\"blocks\":[\"" + quoted() + "\"]}";
        m_source.texts[luthien::desktop::CallText::SentReply] = "{\"blocks\":[]}";
        m_source.texts[luthien::desktop::CallText::Body] = "data: " + m_hostile + "\n\n";
        for (std::uint32_t seq = 0; seq < 40; ++seq) {
            m_source.events.push_back(
                {.seq = seq, .at = m_source.detail.call.startedAt, .size = m_hostile.size(), .begin = m_hostile});
            m_source.bytesOf[seq] = m_hostile;
        }
        m_recordings.question = m_hostile;
    }

    [[nodiscard]] luthien::desktop::InspectedCall* call() { return &m_call; }
    [[nodiscard]] luthien::desktop::Replay* replay() { return &m_replay; }
    void nameParts(luthien::desktop::WindowParts& parts)
    {
        parts.inspected = &m_call;
        parts.replay = &m_replay;
        parts.resend = &m_resend;
    }
    [[nodiscard]] QString callId() const { return QString::fromStdString(m_source.detail.call.id.toString()); }
    Q_INVOKABLE void answer() { m_source.answer(); }
    [[nodiscard]] luthien::desktop::Resend* resend() { return &m_resend; }
    Q_INVOKABLE void openResend()
    {
        m_resent.detail = m_source.detail;
        m_resent.detail.requestHead = luthien::test::changedCall().requestHead;
        m_resent.texts = m_source.texts;
        m_resend.open(callId());
        m_resent.answer();
    }
    /// What was sent last; empty = nothing was.
    [[nodiscard]] Q_INVOKABLE QString sent() const
    {
        return m_sender.sent.empty() ? QString() : QString::fromStdString(m_sender.sent.back());
    }
    /// Somebody has begun to change a policy and named it as the hostile text says.
    Q_INVOKABLE void beginDraft()
    {
        m_editor.openNew();
        m_editor.setName(QString::fromStdString(m_hostile));
    }
    Q_INVOKABLE void endDraft() { m_editor.close(); }
    /// The provider answered what was sent, under this chain.
    Q_INVOKABLE void answerResent(const QString& trial)
    {
        const auto call = luthien::CallId::make(luthien::fromMicros(77));
        m_resent.detail.call.id = call;
        m_resent.detail.call.identity.session = "resent-session";
        m_resent.detail.requestHead = "{\"headers\":[[\"x-luthien-trial\",\"" + trial.toStdString() + "\"]]}";
        m_resent.texts[luthien::desktop::CallText::Reply] = "{\"blocks\":[\"another\"]}";
        Q_EMIT m_sender.answered(m_sender.lastToken, call, 200);
        m_resent.answer();
    }
    Q_INVOKABLE void linkCalls(int resends, bool hasOriginal)
    {
        m_source.detail.resends = resends;
        m_source.detail.original = hasOriginal ? m_source.detail.call.id : luthien::CallId();
        m_source.detail.originalSession = hasOriginal ? "before" : "";
    }

private:
    /// As the inside of a JSON string.
    [[nodiscard]] std::string quoted() const
    {
        std::string text;
        for (const char c : m_hostile)
            text += c == '"' || c == '\\' ? std::string("\\") + c : std::string(1, c);
        return text;
    }

    std::string m_hostile;
    luthien::SystemClock m_clock;
    luthien::test::FakeCallDetails m_source;
    luthien::test::FakePolicies m_policies;
    luthien::test::FakeRecordings m_recordings;
    luthien::test::FakeCallDetails m_resent;
    luthien::test::FakeSender m_sender;
    luthien::desktop::PolicyEditor m_editor{m_policies};
    luthien::desktop::Resend m_resend{m_resent, m_sender, m_editor, [](const luthien::policy::Definition&) {
                                          return luthien::Result<std::string>(std::string("the-token"));
                                      }};
    luthien::desktop::InspectedCall m_call{m_source, m_policies, QStringLiteral("http://127.0.0.1:4000")};
    luthien::desktop::Replay m_replay{m_recordings, m_clock};
};
