// SPDX-License-Identifier: Apache-2.0
#include "base/logging.h"
#include "daemon/commands.h"
#include "runtime/log_level.h"
#include "runtime/runtime.h"
#include "runtime/shutdown.h"

#include <QCoreApplication>

#include <boost/json.hpp>

#include <chrono>

namespace luthien::daemon {

namespace {
std::string readyLine(const runtime::Runtime& runtime)
{
    boost::json::object line{{"event", "ready"}, {"proxy", runtime.addresses().proxy}, {"control", nullptr}};
    if (runtime.addresses().control)
        line["control"] = *runtime.addresses().control;
    line["token_file"] = runtime.paths().tokenFile().string();
    line["data_dir"] = runtime.paths().dataDirectory.string();
    return boost::json::serialize(line) + '\n';
}
} // namespace

CommandResult serve(const CommandContext& context)
{
    auto config = loadConfigFor(context, {});
    if (!config)
        return config.error();
    runtime::setLogLevel(config->logs);
    runtime::Runtime runtime(*std::move(config), context.paths, context.environment);
    if (auto started = runtime.start(); !started)
        return started.error();
    const runtime::Shutdown shutdown(runtime);
    if (auto printed = printOut(readyLine(runtime)); !printed)
        return printed.error();
    QCoreApplication::exec();
    if (!runtime.stop(std::chrono::milliseconds(0)))
        qCWarning(lcRuntime) << "calls were cut off";
    return Done;
}

} // namespace luthien::daemon
