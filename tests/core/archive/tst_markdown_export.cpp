// SPDX-License-Identifier: Apache-2.0
#include "archive/markdown_export.h"
#include "conversation/response.h"
#include "support/sample_store.h"
#include "support/test_registry.h"

#include <cstring>

using namespace luthien;
using namespace luthien::conversation;

namespace {
Response replyOf(std::vector<Block> blocks)
{
    Response reply{.id = "msg_1", .model = "claude-test"};
    reply.blocks = std::move(blocks);
    return reply;
}

/// A reply of every kind of block, with a tool call that was blocked.
test::SampleCall blockedCall(const std::string& text)
{
    test::SampleCall call{.id = CallId::make(fromMicros(1'790'000'000'000'000))};
    call.reply = toJson(replyOf({{.kind = BlockKind::Thinking, .text = text},
                                 {.text = text},
                                 {.kind = BlockKind::ToolUse, .id = "toolu_1", .name = "Bash", .text = "{\"a\":1}"},
                                 {.kind = BlockKind::ToolResult, .id = "toolu_1", .text = text},
                                 {.kind = BlockKind::Image, .name = text, .text = text}}));
    call.sentReply = toJson(replyOf({{.text = "[Tool call `Bash` was blocked by policy]"}}));
    Decision decision{.id = CallId::make(fromMicros(1'790'000'000'000'000)), .call = call.id, .seq = 1};
    decision.policyId = "destructive-sql";
    decision.verdict = Verdict::Block;
    decision.reason = text;
    decision.agentText = "[Tool call `Bash` was blocked by policy]";
    decision.tool = "Bash";
    decision.toolId = "toolu_1";
    call.decisions = {decision};
    return call;
}

std::string exported(test::SampleStore& store)
{
    std::string markdown;
    if (!store.flush())
        return markdown;
    const auto reader = store.openReader();
    const auto counts = archive::exportMarkdown(**reader, "sess-1", [&](std::string_view bytes) -> Result<void> {
        markdown += bytes;
        return {};
    });
    return counts ? markdown : std::string();
}
} // namespace

class TestMarkdownExport : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void tellsASessionFromTopToBottom()
    {
        test::SampleStore store;
        test::SampleCall call = blockedCall("I will **drop** it.");
        call.agent = "explorer_1";
        store.add(call);
        const std::string markdown = exported(store);
        std::size_t at = 0;
        for (const char* part :
             {"# hi\n", "- Session: sess-1", "## Call at ", "- Request: POST /v1/chat/completions at openai",
              "- Agent: explorer\\_1\n- Model: m", "### Assistant\n", "*Thinking:*\n\n```\nI will",
              "\nI will **drop** it.\n", "**Tool call:** Bash\n\n```json\n{\"a\":1}",
              "> **Blocked** by destructive-sql\n>\n> I will \\*\\*drop\\*\\* it.\n>\n> The agent saw: \\[Tool call "
              "\\`Bash\\`",
              "**Result:**\n", "### Assistant, as the agent received it\n"}) {
            const std::size_t found = markdown.find(part, at);
            QVERIFY2(found != std::string::npos, part);
            at = found + std::strlen(part);
        }
        QVERIFY(exported(store) == markdown);
    }

    void hostileTextsLoadNothing()
    {
        test::SampleStore store;
        store.add(
            blockedCall("![x](http://evil.example/a.png) <img src=x>\n\n```\n</code>\n\n<script>\n```\n\xe2\x80\xae"));
        const std::string markdown = exported(store);
        QVERIFY(!markdown.empty());
        QVERIFY(markdown.find("\xe2\x80\xae") == std::string::npos);
        bool isCode = false;
        std::size_t fence = 0;
        for (const QByteArray& line : QByteArray::fromStdString(markdown).split('\n')) {
            const auto ticks = static_cast<std::size_t>(line.size() - QByteArray(line).replace("`", "").size());
            if (line.startsWith("```") && (!isCode || (ticks >= fence && line.count('`') == line.size()))) {
                isCode = !isCode;
                fence = ticks;
            } else if (!isCode) {
                QVERIFY2(!line.contains("![") || line.contains("\\!["), line.constData());
                QVERIFY2(!line.contains("<") || line.contains("\\<"), line.constData());
            }
        }
        QVERIFY(!isCode);
    }

    void oneCallAlone()
    {
        test::SampleStore store;
        const test::SampleCall call = blockedCall("text");
        store.add(call);
        QVERIFY(store.flush());
        const auto reader = store.openReader();
        const auto row = (*reader)->call(call.id);
        const auto markdown = archive::callMarkdown(**reader, *row);
        QVERIFY(markdown->starts_with("## Call at "));
        QVERIFY(exported(store).ends_with(*markdown));
    }

    void knowsNoSuchSession()
    {
        test::SampleStore store;
        QVERIFY(store.flush());
        const auto reader = store.openReader();
        const auto counts =
            archive::exportMarkdown(**reader, "nobody", [](std::string_view) -> Result<void> { return {}; });
        QVERIFY(!counts && counts.error().code == ErrorCode::NotFound);
    }
};

LUTHIEN_TEST(tst_markdown_export, TestMarkdownExport)
#include "tst_markdown_export.moc"
