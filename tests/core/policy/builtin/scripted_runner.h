// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "policy/script_runner.h"

#include <string>
#include <utility>
#include <vector>

namespace luthien::policy::builtin::test {

/// Keeps the calls of scripts until the test answers them. "bad" is a bad script; others define the functions whose
/// names they hold.
class ScriptedRunner final : public ScriptRunner
{
public:
    [[nodiscard]] Result<ScriptOutline> check(const std::string& source) override
    {
        if (source == "bad")
            return Error{ErrorCode::InvalidInput, "SyntaxError: bad", "line 1"};
        ScriptOutline outline;
        for (std::size_t i = 0; i < outline.defines.size(); ++i)
            outline.defines.at(i) = source.find(kScriptFunctionNames.at(i)) != std::string::npos;
        return outline;
    }
    void run(ScriptCall call, Done done) override { asked.emplace_back(std::move(call), std::move(done)); }

    /// Answers the oldest call.
    void answer(Result<std::string> result)
    {
        const auto done = asked.front().second;
        asked.erase(asked.begin());
        done(std::move(result));
    }

    std::vector<std::pair<ScriptCall, Done>> asked;
};

} // namespace luthien::policy::builtin::test
