// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.h"
#include "daemon/command_line.h"
#include "runtime/config.h"
#include "runtime/paths.h"
#include "runtime/process.h"
#include "runtime/recorded_data.h"
#include "store/evidence_key.h"

#include <memory>
#include <string_view>

/// The sub-commands of luthiend. Each returns the exit code, or why it failed.
namespace luthien::daemon {

enum ExitCode : int { Done = 0, Failed = 1, WrongUse = 2, NotVerified = 3, Degraded = 3 };

/// What every sub-command gets.
struct CommandContext
{
    CommandLine line;
    runtime::Paths paths;
    runtime::Variables environment;
    runtime::InheritedLimits inherited; ///< for programs we start
};

using CommandResult = Result<int>;

[[nodiscard]] CommandResult serve(const CommandContext& context);
[[nodiscard]] CommandResult runAgent(const CommandContext& context);
[[nodiscard]] CommandResult listSessions(const CommandContext& context);
[[nodiscard]] CommandResult searchTexts(const CommandContext& context);
[[nodiscard]] CommandResult deleteSession(const CommandContext& context);
[[nodiscard]] CommandResult pinSession(const CommandContext& context);
[[nodiscard]] CommandResult unpinSession(const CommandContext& context);
[[nodiscard]] CommandResult exportSession(const CommandContext& context);
[[nodiscard]] CommandResult managePolicies(const CommandContext& context);
[[nodiscard]] CommandResult manageApprovals(const CommandContext& context);
[[nodiscard]] CommandResult manageSecrets(const CommandContext& context);
[[nodiscard]] CommandResult checkPolicy(const CommandContext& context);
[[nodiscard]] CommandResult backtestPolicy(const CommandContext& context);
[[nodiscard]] CommandResult runDemo(const CommandContext& context);
[[nodiscard]] CommandResult checkHealth(const CommandContext& context);
[[nodiscard]] CommandResult verify(const CommandContext& context);
[[nodiscard]] CommandResult migrate(const CommandContext& context);

/// The configuration as this command line wants it; fixed = settings the command itself decides.
[[nodiscard]] Result<runtime::Config> loadConfigFor(const CommandContext& context,
                                                    const std::vector<std::pair<std::string, std::string>>& fixed);
/// What signs the links that a command adds to the chain of evidence while no instance runs; null, with a line that
/// says why if that is not as configured.
[[nodiscard]] std::shared_ptr<const store::EvidenceKey> evidenceKeyFor(const CommandContext& context);
/// What was recorded, see RecordedData::open.
[[nodiscard]] Result<runtime::RecordedData> openRecorded(const CommandContext& context);
/// Writes to standard output. Errors: Io.
[[nodiscard]] Result<void> printOut(std::string_view text);

} // namespace luthien::daemon
