// SPDX-License-Identifier: Apache-2.0
#include "desktop/application.h"

#include "base/logging.h"
#include "desktop/desk.h"
#include "desktop/fonts.h"
#include "desktop/platform.h"
#include "desktop/raise_request.h"
#include "desktop/runtime_policies.h"
#include "desktop/self_test.h"
#include "desktop/store_sources.h"
#include "runtime/process.h"
#include "runtime/runtime.h"
#include "runtime/shutdown.h"

#include <QGuiApplication>
#include <QIcon>
#include <QTemporaryDir>

#include <algorithm>
#include <cstdio>

namespace luthien::desktop {

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {
constexpr int kDone = 0;
constexpr int kFailed = 1;
constexpr int kWrongUse = 2;

int report(const Error& error)
{
    std::string line = error.toString();
    std::ranges::replace(line, '\n', ' ');
    std::fprintf(stderr, "luthien: %s\n", line.c_str());
    return error.code == ErrorCode::InvalidArgument ? kWrongUse : kFailed;
}

ProxyStatus::Trouble troubleOf(const runtime::Runtime& runtime)
{
    return {.text = QString::fromStdString(store::describe(runtime.storeHealth())),
            .isStop = !runtime.readiness().isReady};
}

QString fileIn(const runtime::Paths& paths, const char* name)
{
    return QString::fromStdString((paths.dataDirectory / name).string());
}

Result<runtime::Config> configFor(const Options& options, const runtime::Variables& environment)
{
    runtime::ConfigSources sources{.program = runtime::Program::Desktop, .environment = environment};
    if (options.action != Options::Action::SelfTest)
        sources.file = options.configFile.isEmpty() ? runtime::defaultConfigFile(environment)
                                                    : std::filesystem::path(options.configFile.toStdString());
    sources.fileMustExist = !options.configFile.isEmpty();
    if (!options.listen.isEmpty())
        sources.commandLine.emplace_back("listen", options.listen.toStdString());
    return runtime::loadConfig(sources);
}
} // namespace

Application::Application(int& argc, char** argv)
    : m_argc(argc)
    , m_argv(argv)
{
}

Application::~Application() = default;

int Application::run()
{
    [[maybe_unused]] const auto inherited = runtime::hardenProcess();
    QStringList arguments;
    for (int i = 1; i < m_argc; ++i)
        arguments += QString::fromLocal8Bit(m_argv[i]);
    const auto options = parseOptions(arguments);
    if (!options)
        return report(options.error());
    if (options->action == Options::Action::ShowHelp)
        return std::fputs(qUtf8Printable(usageText()), stdout) < 0 ? kFailed : kDone;
    if (options->action == Options::Action::ShowVersion)
        return std::puts("luthien " LUTHIEN_VERSION) < 0 ? kFailed : kDone;
    const auto ended = start(*options);
    return ended ? *ended : report(ended.error());
}

Result<int> Application::start(Options options)
{
    QTemporaryDir temporary;
    if (options.action == Options::Action::SelfTest) {
        qputenv("QT_QPA_PLATFORM", "offscreen");
        options.dataDirectory = temporary.path();
        options.listen = u"127.0.0.1:0"_s;
    }
    if (auto shown = checkDisplay(); !shown)
        return shown.error();
    chooseRenderer();
    QGuiApplication::setApplicationName(u"luthien"_s);
    QGuiApplication::setDesktopFileName(u"luthien"_s);
    const QGuiApplication gui(m_argc, m_argv);
    installLogFormat();
    QGuiApplication::setWindowIcon(QIcon(u":/icons/luthien.svg"_s));
    for (const QString& family : missingFonts())
        qCWarning(lcDesktop, "the font %s is not installed; another one takes its place", qPrintable(family));
    auto runtime = startRuntime(options);
    if (!runtime)
        return runtime.error();
    if (*runtime == nullptr)
        return std::fputs("luthien: runs already; its window was brought to the front\n", stderr) < 0 ? kFailed : kDone;
    return show(**runtime, options);
}

Result<std::unique_ptr<runtime::Runtime>> Application::startRuntime(const Options& options)
{
    const runtime::Variables environment = runtime::processEnvironment();
    auto paths = runtime::resolvePaths(options.dataDirectory.toStdString(), environment);
    if (!paths)
        return paths.error();
    auto config = configFor(options, environment);
    if (!config)
        return config.error();
    const QString raiseSocket = fileIn(*paths, "window");
    auto runtime = std::make_unique<runtime::Runtime>(*std::move(config), *std::move(paths), environment);
    if (auto started = runtime->start(); !started) {
        const Error& error = started.error();
        if (error.code == ErrorCode::Conflict && RaiseRequests::send(raiseSocket))
            return std::unique_ptr<runtime::Runtime>();
        return error;
    }
    return runtime;
}

int Application::show(runtime::Runtime& runtime, const Options& options)
{
    const WarningLog warnings;
    const SystemClock clock;
    std::unique_ptr<StoreSessions> sessions;
    std::unique_ptr<StoreConversation> conversation;
    // Ends before the sources it delivers to.
    ReaderThread reader([&runtime] { return runtime.openReader(); });
    sessions = std::make_unique<StoreSessions>(reader);
    conversation = std::make_unique<StoreConversation>(reader);
    RuntimePolicies policies(runtime.policies());
    const QTemporaryDir demoDirectory;
    Desk desk({.sessions = *sessions,
               .conversation = *conversation,
               .policies = policies,
               .approvals = runtime.approvals(),
               .tryRule =
                   [&runtime, &clock](const policy::ApprovalRule& rule, const std::stop_token& stop) {
                       return archive::previewRule({.database = runtime.paths().database(),
                                                    .rule = rule,
                                                    .since = clock.now() - archive::kPreviewedPast},
                                                   stop);
                   },
               .hub = runtime.hub(),
               .clock = clock,
               .proxyAddress = QString::fromStdString(runtime.addresses().proxy),
               .trouble = [&runtime] { return troubleOf(runtime); },
               .settingsFile = fileIn(runtime.paths(), "window.ini"),
               .demoRoute = runtime.demoRoute(),
               .demoDirectory = demoDirectory.path().toStdString(),
               .openReader = [&runtime] { return runtime.openReader(); }});
    if (!desk.open())
        return report({.code = ErrorCode::Internal, .message = "the window could not be loaded"});
    if (options.action == Options::Action::SelfTest) {
        const QStringList problems = tryAllPages(desk.window()) + warnings.lines();
        for (const QString& problem : problems)
            std::fprintf(stderr, "luthien: self-test: %s\n", qPrintable(problem));
        return problems.isEmpty() ? kDone : kFailed;
    }
    RaiseRequests raises(fileIn(runtime.paths(), "window"));
    QObject::connect(&raises, &RaiseRequests::received, &desk, [&desk] { desk.window().raise(); });
    const runtime::Shutdown shutdown(runtime);
    return QGuiApplication::exec();
}

} // namespace luthien::desktop
