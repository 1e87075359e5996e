// SPDX-License-Identifier: Apache-2.0
#include "runtime/runtime.h"

#include "archive/read_cut_call.h"
#include "archive/read_texts.h"
#include "base/logging.h"
#include "base/private_file.h"
#include "policy/builtin/builtin.h"
#include "proxy/policy_gate.h"
#include "runtime/instance_file.h"
#include "runtime/log_level.h"
#include "runtime/price_file.h"
#include "runtime/recording_sink.h"
#include "runtime/snapshot.h"
#include "runtime/taken_port.h"
#include "runtime/upstream_secrets.h"

#include <QEventLoop>
#include <QPointer>
#include <QTimer>

#include <algorithm>
#include <cerrno>
#include <sys/un.h>
#include <unistd.h>
#include <utility>

namespace luthien::runtime {

namespace {
constexpr std::chrono::milliseconds kRecoveryWait{500}; // agents are served while the rest is taken in
constexpr std::chrono::milliseconds kLastReplies{2000};
constexpr std::chrono::milliseconds kKeychainWait{2000};
constexpr std::chrono::milliseconds kSecretWait{20'000}; // a locked keychain asks for a password; nothing works without
constexpr Backoff::Limits kKeychainPauses{.first = std::chrono::minutes(1), .most = std::chrono::hours(1)};

std::string urlOf(std::string_view host, std::uint16_t port)
{
    // "localhost" may mean ::1 to one program and 127.0.0.1 to another; the literal means one thing.
    const std::string name = host == "localhost" ? "127.0.0.1" : std::string(host);
    return "http://" + Endpoint{.host = name, .port = port}.toString();
}

store::Retention retentionOf(const Config& config)
{
    const auto seconds = [](std::chrono::milliseconds time) {
        return time.count() == 0 ? std::optional<std::chrono::seconds>()
                                 : std::optional(std::chrono::ceil<std::chrono::seconds>(time));
    };
    return {.bodies = seconds(config.retainBodies), .metadata = seconds(config.retainMetadata)};
}

live::Committed toLive(const store::CommitNotice& notice)
{
    live::Committed commit{.commit = notice.number, .sessions = notice.sessions, .isElsewhere = notice.instance != 0};
    commit.calls.reserve(notice.calls.size());
    for (const store::TouchedCall& call : notice.calls)
        commit.calls.push_back({.id = call.id,
                                .session = call.session,
                                .lastSeq = call.hasEvents ? std::optional(call.lastSeq) : std::nullopt,
                                .status = call.status});
    return commit;
}

/// Empty if the system has no room for a path that long.
std::string socketPath(const Paths& paths)
{
    std::string path = paths.socketFile().string();
    if (path.size() < sizeof(sockaddr_un::sun_path))
        return path;
    qCWarning(lcRuntime).noquote() << "sub-commands cannot reach this instance, the path is too long:"
                                   << QString::fromStdString(path);
    return {};
}

Paths withDatabase(Paths paths, const Config& config)
{
    paths.databaseUrl = config.database;
    return paths;
}
} // namespace

Runtime::Runtime(Config config, Paths paths, Variables environment)
    : m_settings(std::move(config), paths.storedSettingsFile())
    , m_paths(withDatabase(std::move(paths), m_settings.current()))
    , m_environment(std::move(environment))
    , m_hub(m_metrics)
{
}

Runtime::~Runtime()
{
    stop(std::chrono::milliseconds(0));
}

Result<void> Runtime::start()
{
    if (auto checked = checkConfig(config()); !checked)
        return asWrongUse(checked.error());
    m_services = std::make_unique<PolicyServices>(m_clock, m_metrics, config().approval);
    if (auto checked = Policies::check(config(), policy::builtin::registry(), m_services->services()); !checked)
        return asWrongUse(checked.error());
    auto started = startParts();
    if (!started)
        stop(std::chrono::milliseconds(0));
    return started;
}

Result<void> Runtime::startParts()
{
    auto lock = DataDirectoryLock::acquire(m_paths, ::program_invocation_short_name);
    if (!lock)
        return lock.error();
    m_lock = *std::move(lock);
    if (auto found = findEvidenceKey(); !found)
        return found;
    if (auto opened = openStore(); !opened)
        return opened;
    if (auto opened = openPolicies(); !opened)
        return opened;
    const auto controlPort = startControl();
    if (!controlPort)
        return controlPort.error();
    std::vector<std::uint16_t> guardedPorts;
    if (config().control)
        guardedPorts.push_back(*controlPort);
    if (auto started = startProxy(std::move(guardedPorts)); !started)
        return started;
    m_isServing = true;
    m_hasServed = true;
    for (const std::string& sentence : ineffectiveSettings(config()))
        qCWarning(lcRuntime).noquote() << QString::fromStdString(sentence);
    return writeInstance(m_paths, {.processId = ::getpid(),
                                   .proxy = m_addresses.proxy,
                                   .control = m_addresses.control,
                                   .tokenRequired = config().auth == ClientAuth::Token,
                                   .database = m_paths.databaseUrl});
}

Result<void> Runtime::openStore()
{
    auto prices = loadPrices(m_paths.priceFile());
    if (!prices)
        return asWrongUse(prices.error());
    m_prices = std::make_shared<const conversation::PriceTable>(std::move(prices->prices));
    auto opened = store::Store::open({.directory = m_paths.dataDirectory,
                                      .database = m_paths.databaseUrl,
                                      .journalQuota = config().journalQuotaBytes,
                                      .recoveryWait = kRecoveryWait,
                                      .metrics = &m_metrics,
                                      .evidenceKey = m_evidenceKey,
                                      .retention = retentionOf(config()),
                                      .readTexts = archive::readTexts,
                                      .readCutCall = archive::readCutCalls(m_prices)});
    if (!opened)
        return opened.error();
    m_store = *std::move(opened);
    m_store->onCommit([this](const store::CommitNotice& notice) { announce(notice); });
    const auto reader = m_store->openReader();
    if (!reader)
        return reader.error();
    const auto last = (*reader)->lastCommit();
    if (!last)
        return last.error();
    m_commits.startAt(*last);
    return {};
}

Result<void> Runtime::findEvidenceKey()
{
    if (config().secrets == SecretPlace::File) {
        auto key = keyFromFile(evidenceKeyFile(m_environment), IfMissing::Make);
        if (!key)
            return key.error();
        m_evidenceKey = std::make_shared<const store::EvidenceKey>(*std::move(key));
    }
    if (config().secrets != SecretPlace::Keychain)
        return {};
    QEventLoop firstAnswer;
    m_keyRequest = std::make_unique<QObject>();
    followKeychain(m_keyRequest.get(), m_environment, Backoff(kKeychainPauses),
                   [this, waiting = QPointer(&firstAnswer)](Result<store::EvidenceKey> key) {
                       takeEvidenceKey(std::move(key));
                       if (waiting)
                           waiting->quit();
                   });
    QTimer::singleShot(kKeychainWait, &firstAnswer, &QEventLoop::quit);
    firstAnswer.exec(QEventLoop::ExcludeUserInputEvents);
    return {};
}

void Runtime::takeEvidenceKey(Result<store::EvidenceKey> key)
{
    if (!key) {
        if (!std::exchange(m_toldOfKey, true))
            qCWarning(lcRuntime, "the chain of evidence is not signed: %s; see secrets in the configuration",
                      key.error().toString().c_str());
        return;
    }
    qCInfo(lcRuntime, "the chain of evidence is signed with key %s of the keychain", key->id().c_str());
    m_evidenceKey = std::make_shared<const store::EvidenceKey>(*std::move(key));
    if (m_store)
        m_store->setEvidenceKey(m_evidenceKey);
}

Result<void> Runtime::openPolicies()
{
    if (auto loaded = m_services->load(*m_store); !loaded)
        return loaded;
    auto opened = Policies::open(config(), *m_store, policy::builtin::registry(), m_services->services(), m_clock);
    if (!opened)
        return opened.error();
    m_policies = *std::move(opened);
    // Not a reason to stay closed: what such a policy cannot ask about, it refuses.
    if (auto checked = m_policies->checkStoredUpstreams(); !checked)
        qCWarning(lcRuntime, "%s", checked.error().toString().c_str());
    m_policyControl = std::make_unique<PolicyControl>(*m_policies);
    return {};
}

std::shared_ptr<const policy::GateFactory> Runtime::makeGates() const
{
    return proxy::makePolicyGates(m_policies->chain(), m_services->blockedCalls());
}

Result<std::string> Runtime::tryDraft(const policy::Definition& draft)
{
    auto chain = m_policies->chainWith(draft);
    if (!chain)
        return chain.error();
    return m_trials->add({.name = "draft of " + draft.id + ", version " + policy::versionOf(draft).substr(0, 12),
                          .gates = proxy::makePolicyGates(*std::move(chain), m_services->blockedCalls())},
                         m_clock.steady());
}

Result<std::uint16_t> Runtime::startControl()
{
    auto token = config().control ? loadOrMakeToken(m_paths.tokenFile()) : Result<std::string>(std::string());
    if (!token)
        return token.error();
    if (auto made = makePrivateDirectory(m_paths.socketFile().parent_path()); !made)
        return made.error();
    const Endpoint endpoint = config().control.value_or(Endpoint{.host = {}, .port = 0});
    m_control =
        std::make_unique<control::Control>(control::ControlConfig{.host = endpoint.host,
                                                                  .port = endpoint.port,
                                                                  .token = *std::move(token),
                                                                  .socketPath = socketPath(m_paths),
                                                                  .heartbeat = config().limits.heartbeat},
                                           control::ControlSources{.hub = m_hub,
                                                                   .commits = m_commits,
                                                                   .clock = m_clock,
                                                                   .openReader = [this] { return openReader(); },
                                                                   .database = m_paths.database(),
                                                                   .store = m_store.get(),
                                                                   .policies = m_policyControl.get(),
                                                                   .approvals = &m_services->approvals(),
                                                                   .readiness = [this] { return readiness(); }});
    auto port = m_control->start();
    if (!port)
        return port.error().code == ErrorCode::Conflict ? portTaken(endpoint, "set control to") : port.error();
    if (config().control)
        m_addresses.control = urlOf(endpoint.host, *port);
    return port;
}

Result<void> Runtime::startProxy(std::vector<std::uint16_t> guardedPorts)
{
    if (config().auth == ClientAuth::Token) {
        auto token = loadOrMakeToken(m_paths.clientTokenFile());
        if (!token)
            return token.error();
        m_clientToken = *std::move(token);
    }
    auto forwardProxy = proxy::forwardProxyFromEnvironment();
    if (!forwardProxy)
        return forwardProxy.error();
    const auto secrets = secretsOf(config(), UpstreamSecrets(config().secrets, m_environment, kSecretWait));
    if (!secrets)
        return asWrongUse(secrets.error());
    m_snapshot.emplace(makeSnapshot(config(), m_environment, *secrets, m_clientToken, std::move(guardedPorts)));
    m_snapshot->setPrices(m_prices);
    m_snapshot->setGates(makeGates());
    m_snapshot->setTrials(m_trials);
    m_proxy = std::make_unique<proxy::Proxy>(
        proxy::ProxyConfig{.host = config().listen.host,
                           .port = config().listen.port,
                           .workers = static_cast<int>(config().workers),
                           .forwardProxy = *std::move(forwardProxy)},
        m_snapshot->current(),
        [this](int worker) { return std::make_unique<RecordingSink>(m_store->makeSink(worker), m_hub); }, m_metrics);
    const auto listening = m_proxy->start();
    if (!listening)
        return listening.error().code == ErrorCode::Conflict ? portTaken(config().listen, "--listen")
                                                             : listening.error();
    m_addresses.proxy = urlOf(config().listen.host, listening->port);
    m_snapshot->onChange([this](std::shared_ptr<const proxy::ProxySnapshot> snapshot) {
        if (!m_proxy)
            return;
        m_proxy->apply(std::move(snapshot), [since = std::chrono::steady_clock::now()] {
            const std::chrono::duration<double, std::milli> passed = std::chrono::steady_clock::now() - since;
            qCInfo(lcRuntime, "new settings are in force on every worker, after %.3f ms", passed.count());
        });
    });
    QObject::connect(m_policies.get(), &Policies::changed, m_policies.get(),
                     [this] { m_snapshot->setGates(makeGates()); });
    return {};
}

void Runtime::beginDrain()
{
    m_isServing = false;
    if (m_services)
        m_services->approvals().close();
    if (m_proxy)
        m_proxy->beginDrain();
}

void Runtime::pauseProxy()
{
    if (m_proxy)
        m_proxy->pause();
}

Result<void> Runtime::resumeProxy()
{
    if (!m_proxy)
        return Error{.code = ErrorCode::Unavailable, .message = "the proxy is not running"};
    auto resumed = m_proxy->resume();
    if (resumed || resumed.error().code != ErrorCode::Conflict)
        return resumed;
    const auto address = parseEndpoint(std::string_view(m_addresses.proxy).substr(std::string_view("http://").size()));
    return address ? portTaken(*address, "--listen") : resumed.error();
}

bool Runtime::isProxyPaused() const
{
    return m_proxy && m_proxy->isPaused();
}

bool Runtime::stop(std::chrono::milliseconds deadline)
{
    if (!m_lock)
        return true;
    m_isServing = false;
    // Whoever waits for a person is told that nobody will answer; what says so has the time to leave.
    if (m_services->approvals().close() > 0)
        deadline = std::max(deadline, kLastReplies);
    const bool isWhole = !m_proxy || m_proxy->drain(deadline);
    m_proxy.reset();
    m_snapshot.reset();
    m_control.reset();
    m_policyControl.reset();
    m_keyRequest.reset();
    if (m_store)
        m_store->close();
    const std::uint64_t left = m_store ? m_store->journalBacklog() : 0;
    m_store.reset();
    m_policies.reset();
    m_services.reset();
    removeInstance(m_paths);
    m_lock.reset();
    if (m_hasServed && left == 0)
        qCInfo(lcRuntime, "stopped; everything recorded is in the database");
    else if (m_hasServed)
        qCWarning(lcRuntime, "stopped; the journal keeps %llu bytes for the next start",
                  static_cast<unsigned long long>(left));
    return isWhole;
}

Result<std::unique_ptr<store::Reader>> Runtime::openReader() const
{
    if (!m_store)
        return Error{.code = ErrorCode::Unavailable, .message = "The store is closed."};
    return m_store->openReader();
}

Result<SettingSaved> Runtime::saveSetting(std::string_view key, const std::optional<std::string>& value)
{
    const auto saved = m_settings.save(key, value);
    if (!saved || *saved != SettingSaved::InForce)
        return saved;
    setLogLevel(config().logs);
    if (m_snapshot)
        m_snapshot->setLimits(config().limits);
    if (m_store)
        m_store->setRetention(retentionOf(config()));
    return saved;
}

demo::ProxyRoute Runtime::demoRoute()
{
    return {.open = [this](const std::string& providerUrl) { return openDemoRoute(providerUrl); },
            .close =
                [this] {
                    if (m_snapshot)
                        m_snapshot->removeDemo();
                }};
}

Result<demo::AgentAddress> Runtime::openDemoRoute(const std::string& providerUrl)
{
    if (!m_proxy)
        return Error{.code = ErrorCode::Unavailable, .message = "the proxy is not running"};
    const auto name = m_snapshot->addDemo(providerUrl);
    if (!name)
        return name.error();
    return demo::AgentAddress{.url = m_addresses.proxy + '/' + *name, .clientToken = m_clientToken};
}

std::size_t Runtime::connections() const
{
    return m_proxy ? m_proxy->stats().connections : 0;
}

std::size_t Runtime::activeCalls() const
{
    return m_proxy ? m_proxy->stats().calls : 0;
}

store::StoreHealth Runtime::storeHealth() const
{
    return m_store ? m_store->health() : store::StoreHealth();
}

void Runtime::announce(const store::CommitNotice& notice)
{
    live::Committed commit = toLive(notice);
    commit.commit = m_commits.add(commit);
    m_hub.publish(commit);
}

control::Readiness Runtime::readiness() const
{
    if (!m_isServing)
        return {.isReady = false, .state = "not_serving", .detail = "Not taking calls: starting or shutting down."};
    if (isProxyPaused())
        return {.isReady = false, .state = "paused", .detail = "Not taking calls: somebody has paused the proxy."};
    const store::StoreHealth health = storeHealth();
    // While the journal takes what is recorded, calls go on without the database; a full disk ends that soon.
    return {.isReady = health.isRecording && health.state != store::StoreState::DiskFull,
            .state = std::string(store::storeStateName(health.state)),
            .detail = store::describe(health)};
}

} // namespace luthien::runtime
