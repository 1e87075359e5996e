// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/metrics.h"
#include "policy/script_runner.h"
#include "script/script_pool.h"

#include <QByteArray>
#include <QString>

#include <chrono>
#include <future>
#include <memory>
#include <string>

namespace luthien::script {

/// What a call came to.
using Answer = Result<std::string>;

[[nodiscard]] inline policy::ScriptCall callOf(const std::string& source, std::string argument = "{}",
                                               std::chrono::milliseconds timeout = policy::kScriptTimeout)
{
    return {.source = std::make_shared<const std::string>(source),
            .argument = std::move(argument),
            .timeout = timeout,
            .policyId = "p"};
}

[[nodiscard]] inline std::future<Answer> start(policy::ScriptRunner& runner, policy::ScriptCall call)
{
    auto promise = std::make_shared<std::promise<Answer>>();
    auto answer = promise->get_future();
    runner.run(std::move(call), [promise](Answer result) { promise->set_value(std::move(result)); });
    return answer;
}

[[nodiscard]] inline Answer ask(policy::ScriptRunner& runner, policy::ScriptCall call)
{
    return start(runner, std::move(call)).get();
}

/// What it returned, or the error as one line.
[[nodiscard]] inline QString told(const Answer& answer)
{
    return QString::fromStdString(answer ? *answer : answer.error().toString());
}

} // namespace luthien::script
