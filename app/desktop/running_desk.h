// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/clock.h"
#include "desktop/activity_sources.h"
#include "desktop/controllers/metrics_history.h"
#include "desktop/desk.h"
#include "desktop/proxy_sender.h"
#include "desktop/reader_thread.h"
#include "desktop/running_trials.h"
#include "desktop/runtime_policies.h"
#include "desktop/runtime_settings.h"
#include "desktop/store_approvals.h"
#include "desktop/store_call_detail.h"
#include "desktop/store_conversation.h"
#include "desktop/store_policy_history.h"
#include "desktop/store_recording.h"
#include "desktop/store_request.h"
#include "desktop/store_search.h"
#include "desktop/store_sources.h"
#include "desktop/store_tool_names.h"

#include <QTemporaryDir>

#include <memory>

namespace luthien::runtime {
class Runtime;
}

namespace luthien::desktop {

/// The desk over a running instance, with everything it reads from. Thread: GUI.
class RunningDesk
{
public:
    /// The instance runs, and outlives this.
    explicit RunningDesk(runtime::Runtime& runtime);
    /// Ends the reading first, so that nothing is delivered to what is gone.
    ~RunningDesk();
    RunningDesk(const RunningDesk&) = delete;
    RunningDesk& operator=(const RunningDesk&) = delete;

    [[nodiscard]] Desk& desk() noexcept { return *m_desk; }

private:
    [[nodiscard]] std::unique_ptr<ReaderThread> makeReader();
    [[nodiscard]] DeskSources sources();
    [[nodiscard]] SettingSources settingSources();

    runtime::Runtime& m_runtime;
    const SystemClock m_clock;
    const QTemporaryDir m_demoDirectory;
    // One for what is on screen, one each for what takes long.
    std::unique_ptr<ReaderThread> m_reader;
    std::unique_ptr<ReaderThread> m_finder;
    std::unique_ptr<ReaderThread> m_searcher;
    std::unique_ptr<ReaderThread> m_inspector;
    std::unique_ptr<ReaderThread> m_summer;
    StoreSessions m_sessions;
    StoreSessions m_titles;
    StoreToolNames m_toolNames;
    StoreSearch m_search;
    StoreConversation m_conversation;
    StoreRequest m_request;
    StoreApprovals m_answers;
    StoreCallDetail m_callDetails;
    StoreCallDetail m_resentDetails;
    StoreRecording m_recordings;
    StoreTimeline m_timeline;
    StoreLiveCalls m_liveCalls;
    StoreMetrics m_metrics;
    MetricsHistory m_history;
    ProxySender m_sender;
    RuntimePolicies m_policies;
    StorePolicyHistory m_policyHistory;
    RunningTrials m_trials;
    RuntimeSettings m_settings;
    std::unique_ptr<Desk> m_desk;
};

} // namespace luthien::desktop
