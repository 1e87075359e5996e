// SPDX-License-Identifier: Apache-2.0
#include "desktop/running_desk.h"

#include "archive/rule_preview.h"
#include "runtime/runtime.h"

namespace luthien::desktop {

namespace {
ProxyStatus::Trouble troubleOf(const runtime::Runtime& runtime)
{
    return {.text = QString::fromStdString(store::describe(runtime.storeHealth())),
            .isStop = !runtime.isProxyPaused() && !runtime.readiness().isReady};
}

MetricsGauges gaugesOf(const runtime::Runtime& runtime)
{
    return {.connections = runtime.connections(), .backlogBytes = runtime.storeHealth().backlogBytes};
}

SessionWrites writesOf(runtime::Runtime& runtime)
{
    return {.mark =
                [&store = runtime.store()](std::string id, store::SessionMarks marks, store::WriteDone done) {
                    store.markSession(std::move(id), std::move(marks), std::move(done));
                },
            .remove =
                [&store = runtime.store()](std::string id, store::WriteDone done) {
                    store.removeSession(std::move(id), std::move(done));
                }};
}
} // namespace

RunningDesk::RunningDesk(runtime::Runtime& runtime)
    : m_runtime(runtime)
    , m_reader(makeReader())
    , m_finder(makeReader())
    , m_searcher(makeReader())
    , m_inspector(makeReader())
    , m_summer(makeReader())
    , m_sessions(*m_reader, *m_finder)
    , m_titles(*m_reader, *m_finder)
    , m_toolNames(*m_finder)
    , m_search(*m_searcher)
    , m_conversation(*m_reader)
    , m_request(*m_reader)
    , m_answers(*m_finder)
    , m_callDetails(*m_inspector)
    , m_resentDetails(*m_inspector)
    , m_recordings(*m_inspector)
    , m_timeline(*m_summer)
    , m_liveCalls(*m_summer)
    , m_metrics(*m_summer)
    , m_history(runtime.metrics(), m_clock)
    , m_sender(QString::fromStdString(runtime.addresses().proxy), runtime.clientToken())
    , m_policies(runtime.policies())
    , m_policyHistory(*m_inspector)
    , m_trials(runtime.paths().database(), [&runtime] { return runtime.openReader(); })
    , m_settings(runtime)
    , m_desk(std::make_unique<Desk>(sources()))
{
}

RunningDesk::~RunningDesk()
{
    m_desk.reset();
    for (auto* reader : {&m_reader, &m_finder, &m_searcher, &m_inspector, &m_summer})
        reader->reset();
}

std::unique_ptr<ReaderThread> RunningDesk::makeReader()
{
    return std::make_unique<ReaderThread>([this] { return m_runtime.openReader(); });
}

SettingSources RunningDesk::settingSources()
{
    const runtime::Paths& paths = m_runtime.paths();
    const auto directory = paths.dataDirectory;
    return {.settings = m_settings,
            .evidence = evidenceSource(m_runtime),
            .tryDatabase = [directory](const std::string& url) { return tryDatabase(directory, url); },
            .makeTables = [directory](const std::string& url) { return makeTables(directory, url); },
            .openReader = [this] { return m_runtime.openReader(); },
            .clock = m_clock,
            .secretsCommand = secretsCommand(m_runtime),
            .storePlace = storePlace(paths.database())};
}

DeskSources RunningDesk::sources()
{
    runtime::Runtime& runtime = m_runtime;
    return {.sessions = m_sessions,
            .titles = m_titles,
            .sessionWrites = writesOf(runtime),
            .toolNames = m_toolNames,
            .search = m_search,
            .conversation = m_conversation,
            .request = m_request,
            .callDetails = m_callDetails,
            .recordings = m_recordings,
            .resentDetails = m_resentDetails,
            .sender = m_sender,
            .tryDraft = [&runtime](const policy::Definition& draft) { return runtime.tryDraft(draft); },
            .timeline = m_timeline,
            .liveCalls = m_liveCalls,
            .metrics = m_metrics,
            .history = m_history,
            .gauges = [&runtime] { return gaugesOf(runtime); },
            .policies = m_policies,
            .policyHistory = m_policyHistory,
            .policyTrials = m_trials.trials(),
            .approvals = runtime.approvals(),
            .tryRule =
                [&runtime, this](const policy::ApprovalRule& rule, const std::stop_token& stop) {
                    return archive::previewRule({.database = runtime.paths().database(),
                                                 .rule = rule,
                                                 .since = m_clock.now() - archive::kPreviewedPast},
                                                stop);
                },
            .answers = m_answers,
            .hub = runtime.hub(),
            .clock = m_clock,
            .proxyAddress = QString::fromStdString(runtime.addresses().proxy),
            .trouble = [&runtime] { return troubleOf(runtime); },
            .proxySwitch = {.pause = [&runtime] { runtime.pauseProxy(); },
                            .resume = [&runtime] { return runtime.resumeProxy(); },
                            .isPaused = [&runtime] { return runtime.isProxyPaused(); }},
            .settings = settingSources(),
            .storeSize = [location = runtime.paths().database()] { return sizeOnDisk(location); },
            .settingsFile = QString::fromStdString((runtime.paths().dataDirectory / "window.ini").string()),
            .demoRoute = runtime.demoRoute(),
            .demoDirectory = m_demoDirectory.path().toStdString(),
            .openReader = [&runtime] { return runtime.openReader(); }};
}

} // namespace luthien::desktop
