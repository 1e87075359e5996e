// SPDX-License-Identifier: Apache-2.0
#include "daemon/commands.h"
#include "daemon/demo_account.h"
#include "runtime/recorded_data.h"
#include "runtime/runtime.h"
#include "runtime/termination_signals.h"

#include <QCoreApplication>
#include <QLoggingCategory>
#include <QTemporaryDir>

#include <chrono>
#include <optional>

namespace luthien::daemon {

namespace {
constexpr std::chrono::seconds kDrainDeadline(5);
constexpr std::uint32_t kMaxDecisions = 100;
constexpr const char* kPolicyId = "demo-destructive-sql"; ///< not the id of a policy people keep

Error wrongUse(std::string message)
{
    return {.code = ErrorCode::InvalidArgument, .message = std::move(message)};
}

Result<conversation::Api> apiOf(const std::string& name)
{
    if (name == "messages")
        return conversation::Api::AnthropicMessages;
    if (name == "responses")
        return conversation::Api::OpenAiResponses;
    return wrongUse("--api is messages or responses, not '" + name + "'");
}

/// An instance of its own, whatever else is configured on this machine.
runtime::Config configFor(bool isProtected)
{
    runtime::Config config = runtime::defaultConfig(runtime::Program::Daemon);
    config.listen.port = 0;
    config.control.reset();
    config.workers = 1;
    config.secrets = runtime::SecretPlace::Off; // nobody is asked for a key to be shown something
    config.policies = {{.definition = {.id = kPolicyId,
                                       .type = "destructive-sql",
                                       .mode = isProtected ? policy::PolicyMode::Enforce : policy::PolicyMode::Off},
                        .place = "demo"}};
    return config;
}

/// Runs the demonstration to its end, telling the steps as they come.
Result<demo::DbDropOutcome> play(runtime::Runtime& runtime, const demo::DbDropOptions& options, bool tells)
{
    demo::DbDrop drop(runtime.demoRoute());
    std::optional<Result<demo::DbDropOutcome>> end;
    const auto stop = [&end](Result<demo::DbDropOutcome> how) {
        end = std::move(how);
        QCoreApplication::quit();
    };
    runtime::TerminationSignals signals;
    QObject::connect(&signals, &runtime::TerminationSignals::received, &drop, &demo::DbDrop::cancel);
    QObject::connect(&drop, &demo::DbDrop::finished, &drop,
                     [&stop](const demo::DbDropOutcome& outcome) { stop(outcome); });
    QObject::connect(&drop, &demo::DbDrop::failed, &drop, [&stop](const Error& error) { stop(error); });
    QObject::connect(&drop, &demo::DbDrop::progressed, &drop, [&](const demo::DbDropProgress& progress) {
        if (tells && !printOut(progressLine(progress)))
            drop.cancel();
    });
    drop.start(options);
    QCoreApplication::exec();
    return end ? *std::move(end) : Result<demo::DbDropOutcome>(Error{.message = "the demo was stopped"});
}

Result<std::vector<store::DecisionRow>> decisionsOf(const runtime::Paths& paths, const std::string& session)
{
    auto data = runtime::RecordedData::open(paths, [] { return nullptr; });
    if (!data)
        return data.error();
    auto page = data->reader().decisionsOfSession(session, std::nullopt, kMaxDecisions);
    if (!page)
        return page.error();
    return std::move(page->items);
}
} // namespace

CommandResult runDemo(const CommandContext& context)
{
    if (context.line.words != std::vector<std::string>{"db-drop"})
        return wrongUse("there is one demonstration: luthiend demo db-drop");
    DemoResult result{.isProtected = !context.line.has("unprotected"),
                      .api = context.line.value("api").value_or("messages")};
    const auto api = apiOf(result.api);
    if (!api)
        return api.error();
    QLoggingCategory::setFilterRules(QStringLiteral("luthien.*.info=false"));
    const QTemporaryDir temporary;
    runtime::Paths paths{.dataDirectory = temporary.path().toStdString()};
    if (context.line.has("data-dir")) {
        paths = context.paths;
        result.dataDirectory = paths.dataDirectory.string();
    }
    runtime::Runtime runtime(configFor(result.isProtected), paths, context.environment);
    if (auto started = runtime.start(); !started)
        return started.error();
    const bool asJson = context.line.has("json");
    auto outcome = play(runtime, {.api = *api, .directory = paths.dataDirectory / "demo"}, !asJson);
    if (!outcome)
        return outcome.error();
    result.outcome = *std::move(outcome);
    runtime.stop(kDrainDeadline);
    auto decisions = decisionsOf(paths, result.outcome.session);
    if (!decisions)
        return decisions.error();
    result.decisions = *std::move(decisions);
    if (auto printed = printOut(asJson ? accountJson(result) : accountText(result)); !printed)
        return printed.error();
    return result.isAsExpected() ? Done : Failed;
}

} // namespace luthien::daemon
