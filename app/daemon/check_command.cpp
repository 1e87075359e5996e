// SPDX-License-Identifier: Apache-2.0
#include "archive/policy_check.h"
#include "daemon/commands.h"
#include "policy/builtin/builtin.h"
#include "runtime/policy_services.h"
#include "runtime/policy_yaml.h"

#include <fstream>
#include <iostream>
#include <limits>
#include <utility>

namespace luthien::daemon {

namespace {
constexpr std::size_t kMaxLineBytes = 64UL << 20; // more than any request that the proxy takes

Error wrongUse(std::string message)
{
    return {.code = ErrorCode::InvalidArgument, .message = std::move(message)};
}

/// One line without its end; false = there are no more. Errors: TooLarge.
Result<bool> readLine(std::istream& input, std::string& line)
{
    line.clear();
    std::streambuf& bytes = *input.rdbuf();
    for (int next = bytes.sbumpc(); next != std::char_traits<char>::eof(); next = bytes.sbumpc()) {
        if (next == '\n')
            return true;
        if (line.size() == kMaxLineBytes)
            return Error{.code = ErrorCode::TooLarge, .message = "a line is longer than 64 MiB"};
        line += static_cast<char>(next);
    }
    return !line.empty();
}

CommandResult checkLines(archive::Rehearsal& rehearsal, std::istream& input)
{
    bool isBlocked = false;
    bool isUnreadable = false;
    std::string line;
    for (std::uint64_t number = 1;; ++number) {
        const auto more = readLine(input, line);
        if (!more)
            return more.error();
        if (!*more)
            break;
        const archive::CheckedLine checked = archive::checkLine(rehearsal, number, line);
        if (auto printed = printOut(checked.json + '\n'); !printed)
            return printed.error();
        isBlocked = isBlocked || checked.isBlocked;
        isUnreadable = isUnreadable || checked.isUnreadable;
    }
    if (isUnreadable)
        return Error{.code = ErrorCode::InvalidInput,
                     .message = "some lines cannot be read: those with the verdict \"error\""};
    return isBlocked ? NotVerified : Done;
}
} // namespace

CommandResult checkPolicy(const CommandContext& context)
{
    const auto policyFile = context.line.value("policy");
    const auto inputFile = context.line.value("input");
    if (!policyFile || !inputFile)
        return wrongUse("what is to be checked? luthiend check --policy FILE --input FILE");
    auto definitions = runtime::readPolicyFile(*policyFile);
    if (!definitions)
        return definitions.error();
    const SystemClock clock;
    Metrics metrics;
    runtime::PolicyServices services(clock, metrics);
    auto rehearsal = archive::Rehearsal::make(policy::builtin::registry(), *std::move(definitions), services.services(),
                                              archive::Models::Absent);
    if (!rehearsal)
        return rehearsal.error();
    if (*inputFile == "-")
        return checkLines(**rehearsal, std::cin);
    std::ifstream input(*inputFile, std::ios::binary);
    if (!input)
        return Error{.code = ErrorCode::NotFound, .message = "cannot be read", .context = *inputFile};
    return checkLines(**rehearsal, input);
}

} // namespace luthien::daemon
