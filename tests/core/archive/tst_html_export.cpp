// SPDX-License-Identifier: Apache-2.0
#include "archive/html_export.h"
#include "conversation/response.h"
#include "support/sample_store.h"
#include "support/test_registry.h"

#include <QFile>
#include <QXmlStreamReader>

#include <cstring>

using namespace luthien;
using namespace luthien::conversation;
using test::SampleCall;
using test::SampleStore;

class TestHtmlExport : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void tellsASessionFromTopToBottom();
    void hostileTextsStayTexts();
    void aConversationIsToldOnce();
    void stopsWhenItCannotWrite();
    void knowsNoSuchSession();
};

namespace {
constexpr const char* kMessage = R"({"role":"user","content":"clean up the test users"})";

Block toolUse(const std::string& id, const std::string& command)
{
    return {.kind = BlockKind::ToolUse, .id = id, .name = "Bash", .text = R"({"command":")" + command + "\"}"};
}

/// A call that asks with these messages.
SampleCall asking(const std::vector<std::string>& messages)
{
    SampleCall call{.id = CallId::make(fromMicros(1'790'000'000'000'000)), .body = R"({"messages":[)"};
    for (const std::string& message : messages) {
        call.body += call.messages.empty() ? "" : ",";
        call.messages.push_back(
            {static_cast<std::uint32_t>(call.body.size()), static_cast<std::uint32_t>(message.size())});
        call.body += message;
    }
    call.body += "]}";
    call.api = Api::AnthropicMessages;
    return call;
}

SampleCall blockedDrop()
{
    SampleCall call = asking({kMessage});
    Response reply{.id = "msg_1", .model = "claude-test"};
    reply.blocks = {{.kind = BlockKind::Thinking, .text = "a table is in the way"},
                    {.text = "I will drop the table."},
                    toolUse("toolu_1", "psql -c 'DROP TABLE users'")};
    call.reply = toJson(reply);
    reply.blocks.back() = {.text = "[Tool call `Bash` was blocked by policy]"};
    call.sentReply = toJson(reply);
    Decision decision{.id = CallId::make(fromMicros(1'790'000'000'000'000)), .call = call.id, .seq = 1};
    decision.policyId = "destructive-sql";
    decision.policyVersion = std::string(64, 'e');
    decision.verdict = Verdict::Block;
    decision.reason = "DROP TABLE removes a table and what is in it.";
    decision.agentText = "[Tool call `Bash` was blocked by policy]";
    decision.tool = "Bash";
    decision.toolId = "toolu_1";
    decision.matched = {{"/command", 9, 25}};
    call.decisions = {decision};
    return call;
}

std::string exported(SampleStore& store)
{
    std::string html;
    if (!store.flush())
        return html;
    const auto reader = store.openReader();
    const auto counts = archive::exportHtml(**reader, "sess-1", [&html](std::string_view bytes) -> Result<void> {
        html += bytes;
        return {};
    });
    return counts ? html : std::string();
}

/// Everything that could do something, and what is not well formed; empty = it can only be read.
QStringList dangersIn(const std::string& html)
{
    static const QSet<QString> elements = [] {
        QSet<QString> names;
        for (const char* name :
             {"html",    "head",  "meta",    "title",   "style", "body",   "main", "header", "h1",
              "h2",      "h3",    "dl",      "dt",      "dd",    "p",      "bdi",  "span",   "section",
              "article", "aside", "details", "summary", "div",   "strong", "mark", "footer"})
            names.insert(QString::fromLatin1(name));
        return names;
    }();
    static const QSet<QString> attributes = {
        QStringLiteral("lang"),       QStringLiteral("charset"), QStringLiteral("name"), QStringLiteral("content"),
        QStringLiteral("http-equiv"), QStringLiteral("class"),   QStringLiteral("dir"),  QStringLiteral("open")};
    QStringList dangers;
    QXmlStreamReader xml(QByteArray::fromStdString(html)); // stricter than a browser: every element is closed
    while (!xml.atEnd()) {
        if (xml.readNext() != QXmlStreamReader::StartElement)
            continue;
        if (!elements.contains(xml.name().toString()))
            dangers += xml.name().toString();
        for (const auto& attribute : xml.attributes()) {
            if (!attributes.contains(attribute.name().toString()))
                dangers += attribute.name().toString();
        }
    }
    return xml.hasError() ? dangers << xml.errorString() : dangers;
}

qsizetype countOf(const std::string& text, const char* part)
{
    return QByteArray::fromStdString(text).count(part);
}
} // namespace

void TestHtmlExport::tellsASessionFromTopToBottom()
{
    SampleStore store;
    store.add(blockedDrop());
    const std::string html = exported(store);
    if (qEnvironmentVariableIsSet("LUTHIEN_KEEP_HTML")) { // to be looked at
        QFile file(qEnvironmentVariable("LUTHIEN_KEEP_HTML"));
        QVERIFY(file.open(QIODevice::WriteOnly) && file.write(QByteArray::fromStdString(html)) > 0);
    }
    QCOMPARE(dangersIn(html), QStringList());
    std::size_t at = 0;
    for (const char* part :
         {"<!DOCTYPE html>", "default-src 'none'", "<title>Session sess-1</title>", "prefers-color-scheme: dark",
          "<dd><bdi>sess-1</bdi>", "<dd><bdi>1 blocked</bdi>", "<h2>Call 1</h2>", "clean up the test users",
          "a table is in the way", "I will drop the table.", "class=\"card tool blocked\"",
          "<mark>DROP TABLE users</mark>", "<strong>Blocked</strong> by <bdi>destructive-sql</bdi>",
          "DROP TABLE removes a table", "What the agent saw instead", "[Tool call `Bash` was blocked by policy]",
          "The whole reply as the client received it", "</html>\n"}) {
        const std::size_t found = html.find(part, at);
        QVERIFY2(found != std::string::npos, part);
        at = found + std::strlen(part);
    }
    QCOMPARE(at, html.size());
    QVERIFY(exported(store) == html);
}

void TestHtmlExport::hostileTextsStayTexts()
{
    const std::string hostile = "</div></style><script src=//evil.example></script><img src=x onerror=alert(1)>"
                                "\xe2\x80\xae" +
                                std::string("\0\x1b[2J", 5) + "&#x3c;b&#x3e;";
    SampleStore store;
    SampleCall call = blockedDrop();
    Response reply{.id = hostile, .model = "m"};
    for (const BlockKind kind : {BlockKind::Text, BlockKind::Thinking, BlockKind::ToolUse, BlockKind::ToolResult,
                                 BlockKind::Image, BlockKind::Document, BlockKind::Opaque})
        reply.blocks.push_back({.kind = kind, .isError = true, .id = hostile, .name = hostile, .text = hostile});
    reply.error = hostile;
    call.reply = call.sentReply = toJson(reply);
    for (const Verdict verdict : {Verdict::Block, Verdict::Replace, Verdict::Hold, Verdict::Continue}) {
        Decision decision = call.decisions.front();
        decision.id = CallId::make(fromMicros(1));
        decision.verdict = verdict;
        for (std::string* const text :
             {&decision.policyId, &decision.policyVersion, &decision.reason, &decision.agentText, &decision.tool,
              &decision.toolId, &decision.original, &decision.final})
            *text = hostile + "\xff";
        decision.matched = {{"", 3, 30}, {hostile, 0, 5}};
        call.decisions.push_back(decision);
    }
    store.add(call);
    const std::string html = exported(store);
    QVERIFY(!html.empty());
    QCOMPARE(dangersIn(html), QStringList());
    for (const char* part : {"<script", "<img", "\xe2\x80\xae", "\x1b", "evil.example>"})
        QVERIFY2(html.find(part) == std::string::npos, part);
    QVERIFY(html.find('\0') == std::string::npos);
    QVERIFY(countOf(html, "&lt;script") >= 20);
    QVERIFY(countOf(html, "<span class=\"code\">U+202E</span>") >= 20);
}

void TestHtmlExport::aConversationIsToldOnce()
{
    SampleStore store;
    SampleCall first = blockedDrop();
    store.add(first);
    SampleCall second = asking(
        {kMessage, R"({"role":"assistant","content":[{"type":"tool_use","id":"toolu_2","name":"Read","input":{}}]})",
         R"({"role":"user","content":[{"type":"tool_result","tool_use_id":"toolu_1","content":"three\nlines\nlong"}]})"});
    store.add(second);
    const std::string html = exported(store);
    QCOMPARE(dangersIn(html), QStringList());
    QCOMPARE(countOf(html, "clean up the test users"), 1);
    QVERIFY(html.find("toolu_2") == std::string::npos); // what the model said stands at its own call
    QVERIFY(html.find("Result <bdi class=\"name\">Bash</bdi><span class=\"faint\">3 lines</span>") !=
            std::string::npos);
    QVERIFY(html.find("<h3>Tools</h3>") != std::string::npos);
}

void TestHtmlExport::stopsWhenItCannotWrite()
{
    SampleStore store;
    store.add(blockedDrop());
    QVERIFY(store.flush());
    int written = 0;
    const auto reader = store.openReader();
    const auto counts = archive::exportHtml(**reader, "sess-1", [&written](std::string_view) -> Result<void> {
        if (++written == 2)
            return Error{.code = ErrorCode::Io, .message = "the disk is full"};
        return {};
    });
    QCOMPARE(counts.error().message, "the disk is full");
    QCOMPARE(written, 2);
}

void TestHtmlExport::knowsNoSuchSession()
{
    SampleStore store;
    const auto reader = store.openReader();
    const auto counts = archive::exportHtml(**reader, "none", [](std::string_view) -> Result<void> { return {}; });
    QCOMPARE(counts.error().code, ErrorCode::NotFound);
}

LUTHIEN_TEST(tst_html_export, TestHtmlExport)
#include "tst_html_export.moc"
