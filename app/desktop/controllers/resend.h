// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "desktop/controllers/policy_editor.h"
#include "desktop/models/call_detail_source.h"
#include "desktop/models/changed_lines.h"
#include "desktop/models/conversation_row.h"
#include "desktop/models/json_tree_model.h"
#include "desktop/models/request_sender.h"
#include "live/live_hub.h"

#include <QObject>
#include <QQmlEngine>

#include <functional>

namespace luthien::desktop {

/// Sends a recorded request again, through the proxy and the policies as they are now, or with the draft that is being
/// edited among them, and shows the new reply beside the old one. A key that is given is used for that request and kept
/// nowhere. Thread: GUI.
class Resend : public QObject
{
    Q_OBJECT
    QML_ELEMENT
    QML_UNCREATABLE("made by the application")
    Q_PROPERTY(QString callId READ callId NOTIFY changed FINAL)
    Q_PROPERTY(QString title READ title NOTIFY changed FINAL)
    Q_PROPERTY(bool ready READ isReady NOTIFY changed FINAL)
    Q_PROPERTY(bool running READ isRunning NOTIFY changed FINAL)
    Q_PROPERTY(bool keyWanted READ isKeyWanted NOTIFY changed FINAL)
    Q_PROPERTY(QString draft READ draft NOTIFY draftChanged FINAL)
    Q_PROPERTY(QString trial READ trial NOTIFY changed FINAL)
    Q_PROPERTY(QString problem READ problem NOTIFY changed FINAL)
    Q_PROPERTY(QString newCallId READ newCallId NOTIFY changed FINAL)
    Q_PROPERTY(QString newSessionId READ newSessionId NOTIFY changed FINAL)
    Q_PROPERTY(QString before READ before NOTIFY changed FINAL)
    Q_PROPERTY(QString after READ after NOTIFY changed FINAL)
    Q_PROPERTY(luthien::desktop::JsonTreeModel* oldReply READ oldReply CONSTANT FINAL)
    Q_PROPERTY(luthien::desktop::JsonTreeModel* newReply READ newReply CONSTANT FINAL)
    Q_PROPERTY(luthien::desktop::ChangedLines* differences READ differences CONSTANT FINAL)

public:
    enum Policies { InForce, WithDraft };
    Q_ENUM(Policies)
    /// The token under which one request passes a draft among the policies in force, see runtime::Runtime::tryDraft().
    using TryDraft = std::function<Result<std::string>(const policy::Definition&)>;

    /// All outlive it. details is its own: tokens of others would make its answers stale.
    Resend(CallDetailSource& details, RequestSender& sender, PolicyEditor& editor, TryDraft tryDraft,
           QObject* parent = nullptr);

    Q_INVOKABLE void open(const QString& callId);
    Q_INVOKABLE void close();
    /// key: of the provider, empty = none is needed.
    Q_INVOKABLE void send(const QString& key, luthien::desktop::Resend::Policies policies);
    /// Gives up what runs; the record keeps what came of it until then.
    Q_INVOKABLE void stop();
    void applyLive(const live::LiveBatch& batch);

    [[nodiscard]] QString callId() const { return m_callId; }
    [[nodiscard]] QString title() const;
    [[nodiscard]] bool isReady() const noexcept { return m_original != nullptr && m_body != nullptr && !m_isRunning; }
    [[nodiscard]] bool isRunning() const noexcept { return m_isRunning; }
    [[nodiscard]] bool isKeyWanted() const noexcept { return m_isKeyWanted; }
    /// What people call the policy of which a draft is being edited; empty = none is.
    [[nodiscard]] QString draft() const;
    /// The policies that the new call passed in place of those in force; empty = it passed those.
    [[nodiscard]] QString trial() const;
    [[nodiscard]] QString problem() const { return m_problem; }
    /// Of the call that was made; empty = none yet.
    [[nodiscard]] QString newCallId() const;
    [[nodiscard]] QString newSessionId() const;
    /// "Completed, HTTP 200. Blocked by sql." of the original and the new one.
    [[nodiscard]] QString before() const;
    [[nodiscard]] QString after() const;
    [[nodiscard]] JsonTreeModel* oldReply() { return &m_oldReply; }
    [[nodiscard]] JsonTreeModel* newReply() { return &m_newReply; }
    [[nodiscard]] ChangedLines* differences() { return &m_differences; }

Q_SIGNALS:
    void changed();
    void draftChanged();

private:
    void connectSources();
    void takeOriginal(const std::shared_ptr<const CallDetail>& detail);
    void takeOriginalText(CallText which, const std::shared_ptr<const std::string>& text);
    void takeNew(const std::shared_ptr<const CallDetail>& detail);
    void takeNewText(const std::shared_ptr<const std::string>& text);
    void takeAnswer(CallId call);
    void readNew();
    void fail(const QString& problem);

    CallDetailSource& m_details;
    RequestSender& m_sender;
    PolicyEditor& m_editor;
    const TryDraft m_tryDraft;
    quint64 m_lastToken = 0;
    quint64 m_token = 0;    ///< of what is read of the original
    quint64 m_newToken = 0; ///< of what is sent, and read of the new one
    QString m_callId;
    QString m_problem;
    bool m_isRunning = false;
    bool m_isKeyWanted = false;
    bool m_isRecorded = false; ///< the record has the new call: what cannot be read of it will not come
    CallId m_newCall;
    std::shared_ptr<const CallDetail> m_original;
    std::shared_ptr<const CallDetail> m_new;
    std::shared_ptr<const std::string> m_body;
    JsonTreeModel m_oldReply;
    JsonTreeModel m_newReply;
    ChangedLines m_differences;
};

} // namespace luthien::desktop
