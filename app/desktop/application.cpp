// SPDX-License-Identifier: Apache-2.0
#include "desktop/application.h"

#include "base/logging.h"
#include "desktop/fonts.h"
#include "desktop/platform.h"
#include "desktop/port_question.h"
#include "desktop/raise_request.h"
#include "desktop/running_desk.h"
#include "desktop/self_test.h"
#include "runtime/log_level.h"
#include "runtime/process.h"
#include "runtime/runtime.h"
#include "runtime/shutdown.h"
#include "runtime/taken_port.h"

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

QString fileIn(const runtime::Paths& paths, const char* name)
{
    return QString::fromStdString((paths.dataDirectory / name).string());
}

Result<runtime::Config> configFor(const Options& options, const runtime::Paths& paths,
                                  const runtime::Variables& environment)
{
    runtime::ConfigSources sources{
        .program = runtime::Program::Desktop, .storedSettings = paths.storedSettingsFile(), .environment = environment};
    if (options.action != Options::Action::SelfTest)
        sources.file = options.configFile.isEmpty() ? runtime::defaultConfigFile(environment)
                                                    : std::filesystem::path(options.configFile.toStdString());
    sources.fileMustExist = !options.configFile.isEmpty();
    if (!options.listen.isEmpty())
        sources.commandLine.emplace_back("listen", options.listen.toStdString());
    return runtime::loadConfig(sources);
}
/// The port to take in the place of one that another program has; none if that is not what failed, or somebody said no.
std::optional<runtime::Endpoint> askForPort(const runtime::Endpoint& taken, const Error& error,
                                            const QString& settingsFile)
{
    if (error.context != taken.toString())
        return {};
    const auto free = runtime::freePortAbove(taken);
    return free && PortQuestion(taken, *free, settingsFile).ask() ? free : std::nullopt;
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
    auto config = configFor(options, *paths, environment);
    if (!config)
        return config.error();
    runtime::setLogLevel(config->logs);
    const QString raiseSocket = fileIn(*paths, "window");
    auto runtime = std::make_unique<runtime::Runtime>(*config, *paths, environment);
    auto started = runtime->start();
    if (!started && started.error().code == ErrorCode::Conflict) {
        if (RaiseRequests::send(raiseSocket))
            return std::unique_ptr<runtime::Runtime>();
        if (const auto other = askForPort(config->listen, started.error(), fileIn(*paths, "window.ini"))) {
            config->listen = *other;
            runtime = std::make_unique<runtime::Runtime>(*config, *paths, environment);
            started = runtime->start();
        }
    }
    return started ? Result<std::unique_ptr<runtime::Runtime>>(std::move(runtime)) : started.error();
}

int Application::show(runtime::Runtime& runtime, const Options& options)
{
    const WarningLog warnings;
    RunningDesk running(runtime);
    Desk& desk = running.desk();
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
