// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/clock.h"
#include "base/result.h"
#include "control/policy_desk.h"
#include "control/store_queries.h"
#include "control/token_bucket.h"
#include "live/commit_log.h"
#include "live/live_hub.h"
#include "policy/approval_desk.h"
#include "store/database_location.h"

#include <QThread>

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

namespace luthien::store {
class Store;
}

namespace luthien::control {

struct ControlConfig
{
    std::string host = "127.0.0.1"; ///< loopback; "127.0.0.1" and "localhost" listen on ::1 too; empty = no port
    std::uint16_t port = 4001;      ///< 0 = any free one
    std::string token;              ///< what clients of the port must bear
    std::string socketPath;         ///< a socket for programs of this user, who need no token; empty = none
    std::chrono::milliseconds heartbeat{10'000};
    std::chrono::milliseconds patience{30'000}; ///< for a request to come, and between requests
    int connections = 64;                       ///< beyond: 503
    TokenBucket::Rate requests;                 ///< beyond: 429
};

/// Whether traffic should be sent now.
struct Readiness
{
    bool isReady = true;
    std::string state = "ok"; ///< a snake_case word: what it is about
    std::string detail;       ///< for people; empty = all is well
};

/// What the control port shows. Everything is thread-safe and outlives the port.
struct ControlSources
{
    live::LiveHub& hub;
    const live::CommitLog& commits;
    const Clock& clock;
    OpenReader openReader;
    store::DatabaseLocation database;
    store::Store* store = nullptr;  ///< null = sessions cannot be changed here
    PolicyDesk* policies = nullptr; ///< null = there are no policies here
    policy::ApprovalDesk* approvals = nullptr;
    std::function<Readiness()> readiness;
};

class ControlServer;

/// The control port on a thread of its own. Thread: made, used and destroyed by one thread.
class Control
{
public:
    Control(ControlConfig config, ControlSources sources);
    ~Control();
    Control(const Control&) = delete;
    Control& operator=(const Control&) = delete;

    /// The port it listens on, 0 if there is none. Errors: Conflict (the port is taken), InvalidArgument (host), Io.
    [[nodiscard]] Result<std::uint16_t> start();
    /// Closes every connection and ends the thread.
    void stop();

private:
    ControlConfig m_config;
    ControlSources m_sources;
    QThread m_thread;
    std::unique_ptr<ControlServer> m_server; ///< lives and dies in m_thread
};

} // namespace luthien::control
