// SPDX-License-Identifier: Apache-2.0
#include "base/logging.h"
#include "daemon/commands.h"
#include "daemon/termination_signals.h"
#include "runtime/runtime.h"

#include <QCoreApplication>
#include <QLoggingCategory>
#include <QTimer>

#include <boost/json.hpp>

#include <chrono>

namespace luthien::daemon {

namespace {
constexpr std::chrono::seconds kDrainDeadline(30);
constexpr std::chrono::milliseconds kDrainLook(20);

std::string readyLine(const runtime::Runtime& runtime)
{
    boost::json::object line{{"event", "ready"}, {"proxy", runtime.addresses().proxy}, {"control", nullptr}};
    if (runtime.addresses().control)
        line["control"] = *runtime.addresses().control;
    line["token_file"] = runtime.paths().tokenFile().string();
    line["data_dir"] = runtime.paths().dataDirectory.string();
    return boost::json::serialize(line) + '\n';
}

/// Lets calls under way end: at most for the deadline, not at all after a second signal.
class Shutdown : public QObject
{
public:
    explicit Shutdown(runtime::Runtime& runtime)
        : m_runtime(runtime)
    {
        connect(&m_signals, &TerminationSignals::received, this, &Shutdown::begin);
        connect(&m_look, &QTimer::timeout, this, [this] {
            if (m_runtime.activeCalls() == 0 || std::chrono::steady_clock::now() > m_deadline)
                QCoreApplication::quit();
        });
    }

private:
    void begin()
    {
        if (m_look.isActive()) {
            QCoreApplication::quit();
            return;
        }
        qCInfo(lcRuntime) << "shutting down;" << m_runtime.activeCalls() << "calls under way";
        m_deadline = std::chrono::steady_clock::now() + kDrainDeadline;
        m_runtime.beginDrain();
        m_look.start(kDrainLook);
    }

    runtime::Runtime& m_runtime;
    TerminationSignals m_signals;
    QTimer m_look;
    SteadyPoint m_deadline;
};

void setLogLevel(const std::string& level)
{
    QString rules;
    if (level == "debug")
        rules = QStringLiteral("luthien.*.debug=true");
    else if (level == "warning")
        rules = QStringLiteral("luthien.*.info=false");
    else if (level == "error")
        rules = QStringLiteral("luthien.*.info=false\nluthien.*.warning=false");
    QLoggingCategory::setFilterRules(rules);
}
} // namespace

CommandResult serve(const CommandContext& context)
{
    auto config = loadConfigFor(context, {});
    if (!config)
        return config.error();
    setLogLevel(config->logs);
    runtime::Runtime runtime(*std::move(config), context.paths, context.environment);
    if (auto started = runtime.start(); !started)
        return started.error();
    Shutdown shutdown(runtime);
    if (auto printed = printOut(readyLine(runtime)); !printed)
        return printed.error();
    QCoreApplication::exec();
    if (!runtime.stop(std::chrono::milliseconds(0)))
        qCWarning(lcRuntime) << "calls were cut off";
    return Done;
}

} // namespace luthien::daemon
