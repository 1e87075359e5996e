// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "desktop/controllers/agents.h"
#include "desktop/controllers/appearance.h"
#include "desktop/controllers/clipboard.h"
#include "desktop/controllers/demo_run.h"
#include "desktop/controllers/pending_approvals.h"
#include "desktop/controllers/policy_editor.h"
#include "desktop/controllers/proxy_status.h"
#include "desktop/controllers/selected_session.h"
#include "desktop/controllers/session_export.h"
#include "desktop/live_feed.h"
#include "desktop/models/conversation_model.h"
#include "desktop/models/policies_model.h"
#include "desktop/models/sessions_model.h"
#include "desktop/window.h"

#include <QTimer>

#include <functional>

namespace luthien::desktop {

/// Where the desk gets what it shows; each outlives it.
struct DeskSources
{
    SessionSource& sessions;
    ConversationSource& conversation;
    PolicySource& policies;
    policy::ApprovalDesk& approvals;
    AnswerReach::TryRule tryRule; ///< on what was recorded
    live::LiveHub& hub;
    const Clock& clock;
    QString proxyAddress; ///< "http://127.0.0.1:4000"
    std::function<ProxyStatus::Trouble()> trouble;
    QString settingsFile; ///< keeps what the person chose
    demo::ProxyRoute demoRoute;
    std::filesystem::path demoDirectory; ///< where the demonstration may make its database
    SessionExport::OpenReader openReader;
};

/// The window with everything behind it, joined together. Thread: GUI.
class Desk : public QObject
{
    Q_OBJECT

public:
    explicit Desk(DeskSources sources);

    /// False if a page did not load; the engine has said why.
    [[nodiscard]] bool open();
    [[nodiscard]] Window& window() noexcept { return m_window; }

private:
    void takeLive(const live::LiveBatch& batch);
    void showSelected();
    /// A session that is gone gives its place to the one that took its row.
    void leaveSession(const QString& id, int row);
    void openFirst();

    DeskSources m_sources;
    SessionsModel m_sessions;
    ConversationModel m_conversation;
    SelectedSession m_selected;
    ProxyStatus m_proxy;
    Appearance m_appearance;
    Agents m_agents;
    Clipboard m_clipboard;
    PoliciesModel m_policies;
    PolicyEditor m_editor;
    PendingApprovals m_approvals;
    DemoRun m_demo;
    SessionExport m_exporter;
    Window m_window;
    LiveFeed m_feed;
    QTimer m_troubleTimer;
};

} // namespace luthien::desktop
