// SPDX-License-Identifier: Apache-2.0
#include "base/private_file.h"
#include "daemon/agents.h"
#include "daemon/commands.h"
#include "runtime/instance_file.h"
#include "runtime/runtime.h"
#include "runtime/termination_signals.h"

#include <QCoreApplication>
#include <QProcess>

#include <chrono>
#include <csignal>

namespace luthien::daemon {

namespace {
constexpr std::chrono::seconds kDrainDeadline(5);
constexpr int kSignalBase = 128; ///< a program that died of signal n returns 128 + n, as shells have it

/// The program in the foreground: it has our terminal, our signals, and we its exit status.
class Foreground : public QObject
{
public:
    Foreground(const AgentLaunch& launch, const runtime::InheritedLimits& inherited)
        : m_program(launch.program)
    {
        QStringList arguments;
        for (const std::string& argument : launch.arguments)
            arguments << QString::fromStdString(argument);
        QProcessEnvironment environment;
        for (const auto& [name, value] : launch.environment)
            environment.insert(QString::fromStdString(name), QString::fromLocal8Bit(value.data(), -1));
        m_process.setProgram(QString::fromStdString(launch.program));
        m_process.setArguments(arguments);
        m_process.setProcessEnvironment(environment);
        m_process.setProcessChannelMode(QProcess::ForwardedChannels);
        m_process.setInputChannelMode(QProcess::ForwardedInputChannel);
        m_process.setChildProcessModifier([inherited] { inherited.restore(); });
        connect(&m_process, &QProcess::finished, this, [] { QCoreApplication::quit(); });
        connect(&m_process, &QProcess::errorOccurred, this, [](QProcess::ProcessError error) {
            if (error == QProcess::FailedToStart)
                QCoreApplication::quit();
        });
        connect(&m_signals, &runtime::TerminationSignals::received, this, &Foreground::pass);
    }

    CommandResult run()
    {
        QMetaObject::invokeMethod(&m_process, [this] { m_process.start(); }, Qt::QueuedConnection);
        QCoreApplication::exec();
        if (m_process.error() == QProcess::FailedToStart)
            return Error{.code = ErrorCode::NotFound,
                         .message = "cannot be started: is it installed and in PATH?",
                         .context = m_program};
        return m_process.exitStatus() == QProcess::NormalExit ? m_process.exitCode()
                                                              : kSignalBase + m_process.exitCode();
    }

private:
    void pass(int number, bool fromTerminal)
    {
        if (!fromTerminal && m_process.processId() > 0)
            ::kill(static_cast<pid_t>(m_process.processId()), number);
    }

    std::string m_program;
    runtime::TerminationSignals m_signals;
    QProcess m_process;
};

/// The instance that runs already, else one of our own for as long as the program runs.
class ProxyForRun
{
public:
    Result<ProxyAddress> find(const CommandContext& context)
    {
        const auto instance = runtime::runningInstance(context.paths);
        if (instance)
            return addressOf(context.paths, instance->proxy, instance->tokenRequired);
        if (instance.error().code != ErrorCode::NotFound)
            return instance.error();
        auto config =
            loadConfigFor(context, {{"listen", "127.0.0.1:0"}, {"control", "off"}, {"telemetry.logs", "warning"}});
        if (!config)
            return config.error();
        const bool tokenRequired = config->auth == runtime::ClientAuth::Token;
        m_runtime = std::make_unique<runtime::Runtime>(*std::move(config), context.paths, context.environment);
        if (auto started = m_runtime->start(); !started)
            return started.error();
        return addressOf(context.paths, m_runtime->addresses().proxy, tokenRequired);
    }

    void release()
    {
        if (m_runtime)
            m_runtime->stop(kDrainDeadline);
    }

private:
    static Result<ProxyAddress> addressOf(const runtime::Paths& paths, const std::string& url, bool tokenRequired)
    {
        if (!tokenRequired)
            return ProxyAddress{.url = url};
        auto token = loadOrMakeToken(paths.clientTokenFile());
        if (!token)
            return token.error();
        return ProxyAddress{.url = url, .clientToken = *std::move(token)};
    }

    std::unique_ptr<runtime::Runtime> m_runtime;
};
} // namespace

CommandResult runAgent(const CommandContext& context)
{
    const auto& words = context.line.program;
    if (words.empty())
        return Error{.code = ErrorCode::InvalidArgument, .message = "run needs a program: luthiend run -- claude"};
    ProxyForRun proxy;
    const auto address = proxy.find(context);
    if (!address)
        return address.error();
    const auto launch = pointedAtProxy(
        {.program = words.front(), .arguments = {words.begin() + 1, words.end()}, .environment = context.environment},
        *address);
    if (!launch)
        return launch.error();
    auto code = Foreground(*launch, context.inherited).run();
    proxy.release();
    return code;
}

} // namespace luthien::daemon
