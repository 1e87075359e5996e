// SPDX-License-Identifier: Apache-2.0
#include "gui_record.h"

#include "conversation/response.h"
#include "store/database.h"
#include "store/store.h"
#include "store_load.h"

#include <chrono>
#include <cstdio>
#include <string>

namespace luthien::bench {

using namespace conversation;
using namespace std::chrono_literals;

namespace {
// Long enough ago that nothing of it looks as if it ran now, short enough that retention leaves it alone.
const TimePoint kStart = SystemClock().now() - std::chrono::hours(20);

/// One turn as a provider's API has it that keeps the conversation itself: the request carries only what is new.
void recordTurn(EventSink& sink, const char* session, TimePoint at, const std::string& question,
                const std::string& answer, bool wantsTools)
{
    const CallId call = CallId::make(at);
    sink.opened({.call = call,
                 .at = at,
                 .identity = {.session = session, .client = "claude-code"},
                 .api = Api::AnthropicMessages,
                 .upstream = "anthropic",
                 .method = "POST",
                 .path = "/v1/messages",
                 .model = "claude-sonnet",
                 .preview = "The long way home",
                 .stream = true});
    const std::string body =
        R"({"model":"claude-sonnet","messages":[{"role":"user","content":")" + question + R"("}]})";
    sink.request({.call = call, .seq = 0, .at = at, .head = "{}", .body = body, .messages = {}});
    sink.wire({.call = call, .seq = 1, .at = at + 400ms, .kind = WireKind::Text, .bytes = "data: {}\n\n"});
    Response reply;
    reply.blocks = {Block{.text = answer}};
    const std::string json = toJson(reply);
    CallEnded end{.call = call, .seq = 2, .at = at + 3s, .httpStatus = 200};
    end.firstByteAt = at + 300ms;
    end.firstTokenAt = at + 400ms;
    end.stopReason = wantsTools ? StopReason::ToolUse : StopReason::EndTurn;
    end.usage = {.input = 900, .output = 120};
    end.reply = json;
    sink.ended(end);
}

bool recordSessions(const QString& directory, const GuiRecord& record)
{
    auto store = store::Store::open({.directory = directory.toStdString(), .ballastBytes = 0});
    if (!store) {
        std::fprintf(stderr, "bench_gui: %s\n", store.error().toString().c_str());
        return false;
    }
    Words words(7);
    {
        const auto sink = (*store)->makeSink(0);
        for (int turn = 0; turn < record.turns; ++turn)
            recordTurn(*sink, kLongSession, kStart + turn * 5s, words.text(200), words.text(600), turn % 5 != 4);
        const auto bytes = static_cast<std::size_t>(record.messageBytes);
        recordTurn(*sink, kLargeSession, kStart + record.turns * 5s + 1min, words.text(200), words.text(bytes), false);
    }
    const auto done = (*store)->flush(10min);
    (*store)->close();
    if (!done)
        std::fprintf(stderr, "bench_gui: %s\n", done.error().toString().c_str());
    return done.hasValue();
}

Result<void> insertRows(store::Database& database, int count)
{
    const QString rows = QStringLiteral(
        "INSERT INTO session (uid, client, preview, calls, open_calls, turns, first_us, last_us, last_status,"
        " last_ended_us, input_tokens, output_tokens, block_decisions, replace_decisions, hold_decisions) "
        "WITH RECURSIVE number (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM number WHERE i < %1) "
        "SELECT 'bench-' || i, CASE i %% 3 WHEN 0 THEN 'claude-code' WHEN 1 THEN 'codex' ELSE 'opencode' END,"
        " 'Session number ' || i || ' moves the billing webhooks', i %% 40 + 1, 0, i %% 20, %2 - i * 1000000,"
        " %2 - i * 1000000, 1, %2 - i * 1000000, i * 7, i * 3, i %% 11 = 0, i %% 13 = 0, i %% 17 = 0 FROM number");
    if (auto begun = database.begin(); !begun)
        return begun;
    if (auto done = database.run(QString(rows)
                                     .replace(QStringLiteral("%%"), QStringLiteral("%"))
                                     .replace(QStringLiteral("%1"), QString::number(count))
                                     .replace(QStringLiteral("%2"), QString::number(toMicros(kStart))));
        !done)
        return done;
    if (auto done = database.run(
            QStringLiteral("UPDATE store_state SET session_count = session_count + %1 WHERE id = 1").arg(count));
        !done)
        return done;
    return database.commit();
}
} // namespace

bool fillRecord(const QString& directory, const GuiRecord& record)
{
    if (!recordSessions(directory, record))
        return false;
    const store::DatabaseLocation location{directory.toStdString(), "sqlite"};
    auto database = store::Database::open(location, store::Database::Access::ReadWrite);
    const Result<void> done = database ? insertRows(**database, record.sessions) : Result<void>(database.error());
    if (!done)
        std::fprintf(stderr, "bench_gui: %s\n", done.error().toString().c_str());
    return done.hasValue();
}

} // namespace luthien::bench
