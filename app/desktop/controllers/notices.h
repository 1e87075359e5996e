// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/clock.h"
#include "base/ids.h"
#include "desktop/controllers/desktop_notifier.h"
#include "desktop/models/notice_queue.h"
#include "desktop/models/policy_name.h"
#include "live/live_hub.h"

#include <QObject>
#include <QQmlEngine>
#include <QSettings>
#include <QTimer>

#include <functional>
#include <string>
#include <unordered_map>

namespace luthien::desktop {

/// What the window shows now.
struct OnScreen
{
    bool isInFront = false; ///< the window has the keyboard
    QString page;           ///< see Pages.qml
    QString session;        ///< the one whose conversation is open there

    /// An empty id asks about the window as a whole.
    [[nodiscard]] bool shows(const QString& wanted) const;
};

/// What a person is told of while they look elsewhere: a tool call waits for them, one was blocked, a reply was cut
/// off. Each kind can be switched off, which is kept. Thread: GUI.
class Notices : public QObject
{
    Q_OBJECT
    QML_ELEMENT
    QML_UNCREATABLE("made by the application")
    Q_PROPERTY(bool available READ isAvailable NOTIFY changed FINAL)
    Q_PROPERTY(bool approvals READ tellsApprovals WRITE setTellsApprovals NOTIFY changed FINAL)
    Q_PROPERTY(bool blocks READ tellsBlocks WRITE setTellsBlocks NOTIFY changed FINAL)
    Q_PROPERTY(bool truncations READ tellsTruncations WRITE setTellsTruncations NOTIFY changed FINAL)

public:
    /// Whether a person looks at a session now; an empty id asks about the window as a whole.
    using IsWatched = std::function<bool(const QString& session)>;

    /// notifier and clock outlive this; settingsFile keeps what is switched off.
    Notices(DesktopNotifier& notifier, const Clock& clock, const QString& settingsFile, IsWatched isWatched,
            QObject* parent = nullptr);
    /// What it calls policies.
    void setPolicyNames(PolicyName name) { m_policyName = std::move(name); }

    [[nodiscard]] bool isAvailable() const { return m_notifier.isAvailable(); }
    [[nodiscard]] bool tellsApprovals() const { return tells(Notice::Kind::Approval); }
    [[nodiscard]] bool tellsBlocks() const { return tells(Notice::Kind::Block); }
    [[nodiscard]] bool tellsTruncations() const { return tells(Notice::Kind::Truncation); }
    void setTellsApprovals(bool tell) { setTells(Notice::Kind::Approval, tell); }
    void setTellsBlocks(bool tell) { setTells(Notice::Kind::Block, tell); }
    void setTellsTruncations(bool tell) { setTells(Notice::Kind::Truncation, tell); }

    void applyLive(const live::LiveBatch& batch);
    /// How many tool calls wait for a person now, and the tool of one of them.
    void setWaiting(int count, const QString& tool);

Q_SIGNALS:
    void changed();
    /// Somebody pressed a notice; both are empty for one that waits for an answer.
    void callWanted(const QString& sessionId, const QString& callId);

private:
    [[nodiscard]] bool tells(Notice::Kind kind) const { return m_tells.at(static_cast<std::size_t>(kind)); }
    void setTells(Notice::Kind kind, bool tell);
    void take(const live::Event& event);
    void add(Notice notice);
    void showDue();

    DesktopNotifier& m_notifier;
    const Clock& m_clock;
    QSettings m_settings;
    IsWatched m_isWatched;
    PolicyName m_policyName;
    std::array<bool, Notice::kKinds> m_tells{};
    std::unordered_map<CallId, std::string> m_sessions; ///< of the calls under way
    int m_waiting = 0;
    NoticeQueue m_queue;
    QTimer m_timer;
};

} // namespace luthien::desktop
