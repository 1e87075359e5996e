// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/clock.h"
#include "base/metrics.h"
#include "base/result.h"
#include "control/control.h"
#include "conversation/prices.h"
#include "demo/db_drop.h"
#include "live/commit_log.h"
#include "live/live_hub.h"
#include "proxy/proxy.h"
#include "proxy/trial_chains.h"
#include "runtime/config.h"
#include "runtime/data_directory.h"
#include "runtime/live_snapshot.h"
#include "runtime/paths.h"
#include "runtime/policies.h"
#include "runtime/policy_control.h"
#include "runtime/policy_services.h"
#include "runtime/stored_settings.h"
#include "store/store.h"

#include <QObject>

#include <atomic>
#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace luthien::runtime {

/// Where a running instance can be reached.
struct Addresses
{
    std::string proxy;                  ///< "http://127.0.0.1:4000"
    std::optional<std::string> control; ///< absent = off
};

/// Everything that runs below a window or a command line: store, proxy, live events, control port, put together in one
/// place for both programs. Thread: made, started, stopped and destroyed by the main thread, which runs an event loop.
class Runtime
{
public:
    Runtime(Config config, Paths paths, Variables environment);
    /// Stops at once what stop() has not.
    ~Runtime();
    Runtime(const Runtime&) = delete;
    Runtime& operator=(const Runtime&) = delete;

    /// Takes the data directory, opens the store and listens. Errors: Conflict if another instance holds the directory
    /// or a port is taken (naming a free one), InvalidArgument for what checkConfig() and Policies::check() refuse,
    /// those of the store. After an error nothing runs.
    [[nodiscard]] Result<void> start();
    /// Takes no more connections; calls under way go on, but none waits for a person any more. Returns at once.
    void beginDrain();
    /// Ends everything; calls still under way at the deadline are cut off. Those that wait for a person are denied,
    /// and get a moment even if there is none. True = none had to be cut off.
    bool stop(std::chrono::milliseconds deadline);

    /// Closes the port; calls under way go on, and what waits for a person still waits. Only while running. \{
    void pauseProxy();
    /// Opens it again. Errors: Conflict if another program has taken it meanwhile, saying who and what is free.
    [[nodiscard]] Result<void> resumeProxy();
    [[nodiscard]] bool isProxyPaused() const;
    /// \}
    [[nodiscard]] bool isRunning() const noexcept { return m_proxy != nullptr; }
    [[nodiscard]] const Addresses& addresses() const noexcept { return m_addresses; }
    /// In force.
    [[nodiscard]] const Config& config() const noexcept { return m_settings.current(); }
    /// See LiveSettings::states() and save(); what takes effect at once is in force on return. \{
    [[nodiscard]] std::vector<SettingState> settings() const { return m_settings.states(); }
    [[nodiscard]] Result<SettingSaved> saveSetting(std::string_view key, const std::optional<std::string>& value);
    /// \}
    [[nodiscard]] const Paths& paths() const noexcept { return m_paths; }
    [[nodiscard]] const Metrics& metrics() const noexcept { return m_metrics; }
    [[nodiscard]] live::LiveHub& hub() noexcept { return m_hub; }
    /// A reader for the calling thread; only while running. Thread: any.
    [[nodiscard]] Result<std::unique_ptr<store::Reader>> openReader() const;
    /// Where sessions are marked and deleted; only while running.
    [[nodiscard]] store::Store& store() noexcept { return *m_store; }
    /// Only while running.
    [[nodiscard]] Policies& policies() noexcept { return *m_policies; }
    /// What one request, sent soon with this value in the field proxy::kTrialField, passes in place of the policies in
    /// force: these with a draft among them, see Policies::chainWith(). Only while running. Errors: those of that.
    [[nodiscard]] Result<std::string> tryDraft(const policy::Definition& draft);
    /// Where tool calls wait for a person; only while running.
    [[nodiscard]] policy::ApprovalDesk& approvals() noexcept { return m_services->approvals(); }
    /// What a client has to show this proxy beside its provider's key; empty = nothing.
    [[nodiscard]] const std::string& clientToken() const noexcept { return m_clientToken; }
    /// The way of one demonstration at a time through this proxy. Outlived by the runtime; fails while not running.
    [[nodiscard]] demo::ProxyRoute demoRoute();
    /// How many calls are under way.
    [[nodiscard]] std::size_t activeCalls() const;
    /// How many clients are connected.
    [[nodiscard]] std::size_t connections() const;
    [[nodiscard]] store::StoreHealth storeHealth() const;
    /// What signs the chain of evidence; null = nothing does, or it is not there yet.
    [[nodiscard]] const std::shared_ptr<const store::EvidenceKey>& evidenceKey() const noexcept
    {
        return m_evidenceKey;
    }
    /// What /readyz says.
    [[nodiscard]] control::Readiness readiness() const;

private:
    [[nodiscard]] Result<void> startParts();
    [[nodiscard]] Result<void> openStore();
    /// Before the store opens, so that what an earlier run left in the journal is signed, too. A keychain gets a
    /// moment; if that is not enough, its key comes when it comes. Errors: those of keyFromFile.
    [[nodiscard]] Result<void> findEvidenceKey();
    void takeEvidenceKey(Result<store::EvidenceKey> key);
    [[nodiscard]] Result<void> openPolicies();
    [[nodiscard]] std::shared_ptr<const policy::GateFactory> makeGates() const;
    [[nodiscard]] Result<std::uint16_t> startControl();
    [[nodiscard]] Result<void> startProxy(std::vector<std::uint16_t> guardedPorts);
    [[nodiscard]] Result<demo::AgentAddress> openDemoRoute(const std::string& providerUrl);
    void announce(const store::CommitNotice& notice);

    LiveSettings m_settings;
    const Paths m_paths;
    const Variables m_environment;
    SystemClock m_clock;
    Metrics m_metrics;
    live::LiveHub m_hub;
    live::CommitLog m_commits;
    const std::shared_ptr<proxy::TrialChains> m_trials = std::make_shared<proxy::TrialChains>();
    Addresses m_addresses;
    std::string m_clientToken;
    std::atomic<bool> m_isServing = false; ///< read by the control thread
    bool m_hasServed = false;              ///< a start that fails has nothing to tell of its end
    // In the order of their start; destroyed the other way round.
    std::unique_ptr<DataDirectoryLock> m_lock;
    std::unique_ptr<PolicyServices> m_services; ///< outlives every chain
    std::unique_ptr<Policies> m_policies;       ///< started after the store, but the last saves come as that one closes
    std::unique_ptr<store::Store> m_store;
    std::unique_ptr<QObject> m_keyRequest;                   ///< whose end ends a request that still runs
    std::shared_ptr<const store::EvidenceKey> m_evidenceKey; ///< null = there is none yet
    bool m_toldOfKey = false;
    std::unique_ptr<PolicyControl> m_policyControl;
    std::unique_ptr<control::Control> m_control;
    std::shared_ptr<const conversation::PriceTable> m_prices;
    std::optional<LiveSnapshot> m_snapshot;
    std::unique_ptr<proxy::Proxy> m_proxy;
};

} // namespace luthien::runtime
