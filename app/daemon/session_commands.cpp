// SPDX-License-Identifier: Apache-2.0
#include "daemon/commands.h"
#include "daemon/terminal_text.h"
#include "runtime/data_directory.h"
#include "runtime/instance_client.h"
#include "runtime/instance_file.h"
#include "runtime/recorded_data.h"
#include "store/store.h"

#include <chrono>
#include <cstdio>
#include <functional>
#include <future>
#include <unistd.h>

namespace luthien::daemon {

namespace {
using namespace std::chrono_literals;

constexpr int kShownWord = 64;
constexpr auto kPatience = 10min; // for the rows of a large session

/// What is done to a session in the store itself, while no instance runs.
using Change = std::function<void(store::Store&, store::WriteDone)>;

Result<std::string> sessionOf(const CommandContext& context)
{
    if (context.line.words.size() != 1)
        return Error{.code = ErrorCode::InvalidArgument, .message = "which session? luthiend sessions lists them"};
    if (!isSafeLabel(context.line.words.front()))
        return Error{.code = ErrorCode::InvalidArgument,
                     .message = "a session id is 1 to 128 of letters, digits and . _ : -",
                     .context = '\'' + terminalText(context.line.words.front(), kShownWord) + '\''};
    return context.line.words.front();
}

/// True if a running instance did it.
Result<bool> askRunning(const CommandContext& context, std::string_view method, const std::string& session,
                        std::string_view body)
{
    const auto instance = runtime::runningInstance(context.paths);
    if (instance && !instance->database.empty() && instance->database != context.paths.databaseUrl)
        return Error{.code = ErrorCode::Conflict,
                     .message = "the running instance records in another database (" + instance->database +
                                "): stop it, or name that one",
                     .context = context.paths.databaseUrl};
    const auto answer = runtime::askInstance(context.paths, method, "/api/v1/sessions/" + session, body);
    if (!answer)
        return answer.error().code == ErrorCode::NotFound ? Result<bool>(false) : answer.error();
    return answer->status == 200 ? Result<bool>(true) : runtime::errorOf(*answer);
}

/// Returns when nothing is left to be removed, too.
Result<void> changeStore(const CommandContext& context, const Change& change)
{
    // Where nothing was recorded nothing is made.
    if (const auto reader = store::Reader::open(context.paths.database()); !reader)
        return reader.error();
    const auto lock = runtime::DataDirectoryLock::acquire(context.paths, "luthiend");
    if (!lock)
        return lock.error();
    const auto store = runtime::openStore(context.paths, evidenceKeyFor(context));
    if (!store)
        return store.error();
    std::promise<Result<void>> answer;
    change(**store, [&answer](const Result<void>& done) { answer.set_value(done); });
    auto done = answer.get_future().get();
    return done ? (*store)->finishRemovals(kPatience) : done;
}

Result<void> confirm(const CommandContext& context, const std::string& session)
{
    if (context.line.has("yes"))
        return {};
    const Error unsure{.code = ErrorCode::InvalidArgument,
                       .message = "nothing was deleted; say --yes to delete without a question"};
    if (::isatty(STDIN_FILENO) == 0)
        return unsure;
    if (auto asked = printOut("delete " + session + " with all that was recorded of it? [y/N] "); !asked)
        return asked;
    const int answer = std::getchar();
    return answer == 'y' || answer == 'Y' ? Result<void>() : unsure;
}

/// The same, told as what became of that session.
Error errorOf(const std::string& session, Error error)
{
    if (error.context != session)
        error.context = error.context.empty() ? session : session + ": " + error.context;
    return error;
}

CommandResult told(const std::string& session, const Result<void>& done, const std::string& what)
{
    if (!done)
        return errorOf(session, done.error());
    const auto printed = printOut(session + what + '\n');
    return printed ? CommandResult(Done) : printed.error();
}

CommandResult setPinned(const CommandContext& context, bool isPinned)
{
    const auto session = sessionOf(context);
    if (!session)
        return session.error();
    const auto asked = askRunning(context, "PATCH", *session, isPinned ? R"({"pinned":true})" : R"({"pinned":false})");
    if (!asked)
        return errorOf(*session, asked.error());
    const auto done =
        *asked ? Result<void>() : changeStore(context, [&](store::Store& store, store::WriteDone written) {
            store.setPinned(*session, isPinned, std::move(written));
        });
    return told(*session, done, isPinned ? " is kept, whatever its age" : " goes when its time has come");
}
} // namespace

CommandResult deleteSession(const CommandContext& context)
{
    const auto session = sessionOf(context);
    if (!session)
        return session.error();
    if (auto sure = confirm(context, *session); !sure)
        return sure.error();
    const auto asked = askRunning(context, "DELETE", *session, {});
    if (!asked)
        return errorOf(*session, asked.error());
    const auto done =
        *asked ? Result<void>() : changeStore(context, [&](store::Store& store, store::WriteDone written) {
            store.removeSession(*session, std::move(written));
        });
    return told(*session, done, *asked ? " is deleted; the running instance clears its rows away" : " is deleted");
}

CommandResult pinSession(const CommandContext& context)
{
    return setPinned(context, true);
}

CommandResult unpinSession(const CommandContext& context)
{
    return setPinned(context, false);
}

} // namespace luthien::daemon
