// SPDX-License-Identifier: Apache-2.0
#include "conversation/response.h"
#include "core/protocol/editing.h"
#include "protocol/dialect.h"
#include "support/corpus.h"
#include "support/stream_checker.h"
#include "support/test_registry.h"

#include <boost/json.hpp>

#include <algorithm>
#include <set>

using namespace luthien;
using namespace luthien::conversation;
using namespace luthien::protocol;
using namespace luthien::test;

namespace {

using BlockKey = std::pair<std::uint32_t, std::uint32_t>;

/// Replaces a word, and keeps back only what could be a beginning of it.
class WordReview : public ScriptedReview
{
public:
    explicit WordReview(std::string word)
        : m_word(std::move(word))
    {
        edits = true;
    }

    std::size_t mostHeld = 0;

    void text(std::uint32_t choice, std::uint32_t block, std::string_view part, std::string& out) override
    {
        std::string& held = m_held[{choice, block}];
        held += part;
        out += replaced(held);
        mostHeld = std::max(mostHeld, held.size());
    }
    bool textEnd(std::uint32_t choice, std::uint32_t block, std::string& out) override
    {
        out += std::exchange(m_held[{choice, block}], {});
        return true;
    }
    std::size_t bound() const { return m_word.size() - 1; }

private:
    std::string replaced(std::string& held) const
    {
        std::string out;
        std::size_t at = 0;
        for (std::size_t found = held.find(m_word); found != std::string::npos; found = held.find(m_word, at)) {
            out += held.substr(at, found - at) + "<>";
            at = found + m_word.size();
        }
        held.erase(0, at);
        std::size_t back = std::min(bound(), held.size());
        while (!m_word.starts_with(std::string_view(held).substr(held.size() - back)))
            --back;
        out += held.substr(0, held.size() - back);
        held.erase(0, held.size() - back);
        return out;
    }

    std::string m_word;
    std::map<BlockKey, std::string> m_held;
};

/// Answers as it is told, and remembers what it was shown.
class AnsweringReview : public ScriptedReview
{
public:
    std::function<ToolAnswer(std::size_t)> answers;
    bool areTextsPending = false;
    bool watches = false;
    std::string thoughts;
    std::vector<BlockKey> ends;
    std::string responseId;
    std::string conversationId;

    bool watchesThinking() const override { return watches; }
    std::optional<ToolAnswer> tool(const ToolCall& call) override
    {
        responseId = call.responseId;
        conversationId = call.conversationId;
        const auto known = ScriptedReview::tool(call);
        if (!known || call.executor != Executor::Client || !answers)
            return known;
        const auto same = std::ranges::find_if(
            clientCalls, [&](const Asked& asked) { return asked.choice == call.choice && asked.block == call.block; });
        return answers(std::size_t(same - clientCalls.begin()));
    }
    bool textEnd(std::uint32_t choice, std::uint32_t block, std::string& out) override
    {
        if (std::ranges::find(ends, BlockKey(choice, block)) == ends.end())
            ends.emplace_back(choice, block);
        return !areTextsPending && ScriptedReview::textEnd(choice, block, out);
    }
    void thinking(std::uint32_t, std::uint32_t, std::string_view part) override { thoughts += part; }
};

Response readReply(const CorpusCase& recording, std::string_view bytes)
{
    std::vector<StreamEvent> events;
    ResponseAssembler assembler;
    const auto decoder = recording.isSse() ? dialectFor(recording.api).makeDecoder()
                                           : dialectFor(recording.api).decodeBody(bytes, events);
    if (recording.isSse()) {
        for (const SentEvent& sent : splitEvents(bytes)) {
            for (const StreamEvent& event : decoder->decode(sent.type, sent.data))
                assembler.apply(event);
        }
    }
    for (const StreamEvent& event : events)
        assembler.apply(event);
    return assembler.response();
}

std::vector<Block> blocksOf(const Response& response, BlockKind kind)
{
    std::vector<Block> blocks;
    std::ranges::copy_if(response.blocks, std::back_inserter(blocks), [kind](const Block& block) {
        return block.kind == kind && (kind != BlockKind::ToolUse || block.executor == Executor::Client) &&
               !block.isRefusal;
    });
    return blocks;
}

std::string joined(const std::vector<Block>& blocks)
{
    std::string text;
    for (const Block& block : blocks)
        text += block.text;
    return text;
}

std::string replaceAll(std::string text, const std::string& word)
{
    for (std::size_t at = text.find(word); at != std::string::npos; at = text.find(word, at + 2))
        text.replace(at, word.size(), "<>");
    return text;
}

std::unique_ptr<ReplyEditor> editorFor(const CorpusCase& recording, ReplyReview& review)
{
    return recording.isSse() ? makeStreamEditor(recording.api, review) : makeBodyEditor(recording.api, review);
}

Result<void> feedReply(ReplyEditor& editor, const CorpusCase& recording, Collected& out)
{
    const std::string& bytes = recording.bytes;
    return recording.isSse() ? feed(editor, bytes, out)
                             : editor.event({.type = {}, .data = bytes, .bytes = bytes}, out);
}

std::string jsonText(std::string_view text)
{
    return boost::json::serialize(boost::json::value(boost::json::string_view(text.data(), text.size())));
}

/// A stream of one text in these pieces, as the API has it.
std::string textStream(Api api, const std::vector<std::string>& pieces)
{
    std::string whole;
    for (const std::string& piece : pieces)
        whole += piece;
    std::string bytes;
    const auto add = [&](const char* type, const std::string& members) {
        bytes += api == Api::OpenAiChat ? sseEvent({}, "{" + members + "}")
                                        : sseEvent(type, "{\"type\":\"" + std::string(type) + "\"," + members + "}");
    };
    const std::string place = "\"output_index\":0,\"item_id\":\"m\",\"content_index\":0,";
    const std::string part = "{\"type\":\"output_text\",\"text\":";
    const std::string item = R"({"type":"message","id":"m","content":[)";
    if (api == Api::AnthropicMessages) {
        add("message_start", "\"message\":{\"content\":[],\"usage\":{}}");
        add("content_block_start", "\"index\":0,\"content_block\":{\"type\":\"text\",\"text\":\"\"}");
    } else if (api == Api::OpenAiResponses) {
        add("response.created", "\"response\":{\"output\":[]}");
        add("response.output_item.added", "\"output_index\":0,\"item\":" + item + "]}");
        add("response.content_part.added", place + "\"part\":" + part + "\"\"}");
    }
    for (const std::string& piece : pieces) {
        if (api == Api::AnthropicMessages)
            add("content_block_delta",
                "\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":" + jsonText(piece) + "}");
        else if (api == Api::OpenAiResponses)
            add("response.output_text.delta", place + "\"delta\":" + jsonText(piece));
        else
            add("", "\"choices\":[{\"index\":0,\"delta\":{\"content\":" + jsonText(piece) + "}}]");
    }
    if (api == Api::AnthropicMessages) {
        add("content_block_stop", "\"index\":0");
        add("message_delta", "\"delta\":{\"stop_reason\":\"end_turn\"},\"usage\":{}");
        add("message_stop", "\"x\":0");
    } else if (api == Api::OpenAiResponses) {
        add("response.output_text.done", place + "\"text\":" + jsonText(whole));
        add("response.content_part.done", place + "\"part\":" + part + jsonText(whole) + "}");
        add("response.output_item.done", "\"output_index\":0,\"item\":" + item + part + jsonText(whole) + "}]}");
        add("response.completed", "\"response\":{\"output\":[" + item + part + jsonText(whole) + "}]}]}");
    } else {
        add("", "\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]");
        bytes += sseEvent({}, "[DONE]");
    }
    return bytes;
}

/// Arguments that are a JSON object in their place are written anew.
bool isSame(const std::string& one, const std::string& other, bool isText)
{
    return one == other || (!isText && boost::json::parse(one) == boost::json::parse(other));
}

bool isBoundary(const std::string& text, std::size_t at)
{
    return at >= text.size() || (static_cast<unsigned char>(text[at]) & 0xC0) != 0x80;
}

} // namespace

/// What a review can answer, carried out on every recording of the APIs.
class TestReplyAnswers : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { m_cases = loadCorpus(); }

    void newArgumentsStandEverywhere_data() { addRowsWithCalls(); }
    void newArgumentsStandEverywhere()
    {
        QFETCH(std::size_t, index);
        const CorpusCase& recording = m_cases[index];
        AnsweringReview review;
        review.answers = [&](std::size_t i) {
            ToolAnswer answer;
            answer.arguments = newArguments(review.clientCalls[i]);
            return answer;
        };
        Collected out;
        const auto editor = editorFor(recording, review);
        const auto fed = feedReply(*editor, recording, out);
        QVERIFY2(fed && editor->end(out), fed ? "" : fed.error().toString().c_str());
        const std::vector<Block> before = blocksOf(readReply(recording, recording.bytes), BlockKind::ToolUse);
        const std::vector<Block> after = blocksOf(readReply(recording, out.bytes), BlockKind::ToolUse);
        QCOMPARE(after.size(), before.size());
        for (std::size_t i = 0; i < after.size(); ++i) {
            QCOMPARE(after[i].id, before[i].id);
            QCOMPARE(after[i].name, before[i].name);
            QVERIFY(isSame(after[i].text, newArguments(review.clientCalls[i]), review.clientCalls[i].isFreeText));
            const std::string old = jsonText(before[i].text);
            QVERIFY(old.size() < 14 || out.bytes.find(old.substr(1, old.size() - 2)) == std::string::npos);
        }
        requireSound(recording, out.bytes);
        QVERIFY(readReply(recording, out.bytes).usage == readReply(recording, recording.bytes).usage);
    }

    void theSameArgumentsChangeNothing_data() { addRowsWithCalls(); }
    void theSameArgumentsChangeNothing()
    {
        QFETCH(std::size_t, index);
        const CorpusCase& recording = m_cases[index];
        AnsweringReview review;
        review.answers = [&](std::size_t i) {
            ToolAnswer answer;
            answer.arguments = review.clientCalls[i].arguments;
            return answer;
        };
        Collected out;
        QVERIFY(feedReply(*editorFor(recording, review), recording, out));
        QVERIFY(out.bytes == recording.bytes);
    }

    void argumentsThatAreNoObjectAreAnError_data() { addRowsWithCalls(); }
    void argumentsThatAreNoObjectAreAnError()
    {
        QFETCH(std::size_t, index);
        const CorpusCase& recording = m_cases[index];
        AnsweringReview review;
        review.answers = [](std::size_t) {
            ToolAnswer answer;
            answer.arguments = "[broken";
            return answer;
        };
        Collected out;
        const auto fed = feedReply(*editorFor(recording, review), recording, out);
        QCOMPARE(fed.hasValue(), review.clientCalls.front().isFreeText);
        QVERIFY(fed || out.bytes.find("[broken") == std::string::npos);
    }

    void aCallMayEndTheReply_data() { addRowsWithCalls(); }
    void aCallMayEndTheReply()
    {
        QFETCH(std::size_t, index);
        const CorpusCase& recording = m_cases[index];
        const Response before = readReply(recording, recording.bytes);
        const std::size_t calls = blocksOf(before, BlockKind::ToolUse).size();
        for (std::size_t last = 0; last < calls; ++last) {
            AnsweringReview review;
            review.answers = [last](std::size_t i) {
                return i == last ? ToolAnswer{true, "It ends here.", OnBlock::End, {}} : ToolAnswer();
            };
            Collected out;
            const auto editor = editorFor(recording, review);
            const auto fed = feedReply(*editor, recording, out);
            QVERIFY2(fed && editor->end(out), fed ? "" : fed.error().toString().c_str());
            const Response after = readReply(recording, out.bytes);
            requireSound(recording, out.bytes);
            QVERIFY(after.usage == before.usage);
            QVERIFY(joined(blocksOf(after, BlockKind::Text)).find("It ends here.") != std::string::npos);
            const std::uint32_t choice = review.clientCalls[last].choice;
            std::multiset<std::string> left;
            for (std::size_t i = 0; i < calls; ++i) {
                if (i < last || review.clientCalls[i].choice != choice)
                    left.insert(review.clientCalls[i].id + review.clientCalls[i].arguments);
            }
            std::multiset<std::string> found;
            for (const Block& call : blocksOf(after, BlockKind::ToolUse))
                found.insert(call.id + call.text);
            QVERIFY(found == left);
            if (last == 0 && review.clientCalls.back().choice == 0 && before.stopReason == StopReason::ToolUse)
                QCOMPARE(int(after.stopReason), int(StopReason::EndTurn));
            if (recording.api == Api::OpenAiResponses && last == 0)
                QVERIFY(joined(blocksOf(after, BlockKind::Text)).ends_with("It ends here."));
        }
    }

    void textsMayBeKnownLate_data() { addRows(); }
    void textsMayBeKnownLate()
    {
        QFETCH(std::size_t, index);
        const CorpusCase& recording = m_cases[index];
        const auto shout = [](const std::string& text) { return "<" + text + ">"; };
        AnsweringReview early;
        early.edits = true;
        early.rewrite = shout;
        Collected expected;
        const auto atOnce = editorFor(recording, early);
        QVERIFY(feedReply(*atOnce, recording, expected));

        AnsweringReview review;
        review.edits = true;
        review.rewrite = shout;
        review.areTextsPending = true;
        review.isPending = true;
        Collected out;
        const auto editor = editorFor(recording, review);
        const auto fed = feedReply(*editor, recording, out);
        QVERIFY2(fed, fed ? "" : fed.error().toString().c_str());
        // All are asked about, whoever waits.
        const Response failed = readReply(recording, recording.bytes);
        if (failed.error.empty()) {
            QCOMPARE(review.ends.size(), early.ends.size());
            QCOMPARE(review.clientCalls.size(), early.clientCalls.size());
            QCOMPARE(joined(blocksOf(readReply(recording, out.bytes), BlockKind::Text)), std::string());
            QVERIFY(review.ends.empty() || editor->isHolding());
        }
        review.areTextsPending = false;
        QVERIFY(editor->resume(out));
        review.isPending = false;
        QVERIFY(editor->resume(out));
        QCOMPARE(editor->isHolding(), atOnce->isHolding());
        if (!failed.error.empty())
            return; // what waits when the upstream fails does not leave
        QCOMPARE(joined(blocksOf(readReply(recording, out.bytes), BlockKind::Text)),
                 joined(blocksOf(readReply(recording, expected.bytes), BlockKind::Text)));
        requireSound(recording, out.bytes);
        QVERIFY(editor->end(out));
        QCOMPARE(editor->heldBytes(), std::size_t{0});
    }

    void thinkingIsShownAndNeverChanged_data() { addRows(); }
    void thinkingIsShownAndNeverChanged()
    {
        QFETCH(std::size_t, index);
        const CorpusCase& recording = m_cases[index];
        AnsweringReview review;
        review.watches = true;
        review.edits = true;
        Collected out;
        QVERIFY(feedReply(*editorFor(recording, review), recording, out));
        QVERIFY(out.bytes == recording.bytes);
        QCOMPARE(review.thoughts, joined(blocksOf(readReply(recording, recording.bytes), BlockKind::Thinking)));
    }

    void wordsAreReplacedAcrossEvents_data() { addRows(); }
    void wordsAreReplacedAcrossEvents()
    {
        QFETCH(std::size_t, index);
        const CorpusCase& recording = m_cases[index];
        const std::vector<Block> before = blocksOf(readReply(recording, recording.bytes), BlockKind::Text);
        const std::string text = joined(before);
        for (const std::string& word : wordsOf(text)) {
            WordReview review(word);
            Collected out;
            QVERIFY(feedReply(*editorFor(recording, review), recording, out));
            std::vector<Block> expected = before;
            for (Block& block : expected)
                block.text = replaceAll(block.text, word);
            if (!readReply(recording, recording.bytes).error.empty())
                continue; // what stayed back when the upstream failed is lost
            QCOMPARE(joined(blocksOf(readReply(recording, out.bytes), BlockKind::Text)), joined(expected));
            QVERIFY(review.mostHeld <= review.bound());
            requireSound(recording, out.bytes);
        }
    }

    void wordsAreReplacedAtEverySplit_data()
    {
        QTest::addColumn<Api>("api");
        QTest::newRow("Messages") << Api::AnthropicMessages;
        QTest::newRow("Chat") << Api::OpenAiChat;
        QTest::newRow("Responses") << Api::OpenAiResponses;
    }
    void wordsAreReplacedAtEverySplit()
    {
        QFETCH(Api, api);
        CorpusCase made{.id = {}, .api = api, .kind = "sse", .bytes = {}, .request = {}, .expected = {}};
        std::set<std::string> texts;
        for (const CorpusCase& recording : m_cases) {
            if (recording.api == api && recording.isSse())
                texts.insert(start(joined(blocksOf(readReply(recording, recording.bytes), BlockKind::Text))));
        }
        for (const std::string& text : texts) {
            const std::string word = wordsOf(text).empty() ? "x" : wordsOf(text).front();
            std::vector<std::string> letters;
            for (std::size_t at = 0; at < text.size(); ++at) {
                if (isBoundary(text, at))
                    letters.emplace_back();
                letters.back() += text[at];
                if (at == 0 || !isBoundary(text, at))
                    continue;
                made.bytes = textStream(api, {text.substr(0, at), text.substr(at)});
                requireReplaced(made, word, replaceAll(text, word));
            }
            made.bytes = textStream(api, letters);
            requireReplaced(made, word, replaceAll(text, word));
        }
        QVERIFY(texts.size() > 10);
    }

    void aReplyThatTheProviderKeepsIsNamed_data()
    {
        QTest::addColumn<QString>("members");
        QTest::addColumn<QString>("responseId");
        QTest::addColumn<QString>("conversationId");
        const auto row = [](const char* name, const char* members, const char* response, const char* conversation) {
            QTest::newRow(name) << QString::fromLatin1(members) << QString::fromLatin1(response)
                                << QString::fromLatin1(conversation);
        };
        row("it does not say", "\"id\":\"resp_1\"", "resp_1", "");
        row("it is stored", "\"id\":\"resp_1\",\"store\":true,\"conversation\":null", "resp_1", "");
        row("it is not", "\"id\":\"resp_1\",\"store\":false", "", "");
        row("it is of a conversation", "\"id\":\"resp_1\",\"store\":false,\"conversation\":{\"id\":\"conv_1\"}",
            "resp_1", "conv_1");
    }
    void aReplyThatTheProviderKeepsIsNamed()
    {
        QFETCH(QString, members);
        QFETCH(QString, responseId);
        QFETCH(QString, conversationId);
        const std::string item = R"({"type":"function_call","id":"f","call_id":"c","name":"ls","arguments":"{}"})";
        const std::string bytes =
            sseEvent("response.created",
                     R"({"type":"response.created","response":{"output":[],)" + members.toStdString() + "}}") +
            sseEvent("response.output_item.done",
                     "{\"type\":\"response.output_item.done\",\"output_index\":0,\"item\":" + item + "}");
        const std::string body = "{" + members.toStdString() + ",\"output\":[" + item + "]}";
        for (const bool isStream : {true, false}) {
            AnsweringReview review;
            Collected out;
            if (isStream)
                QVERIFY(edit(Api::OpenAiResponses, review, bytes, out));
            else
                QVERIFY(makeBodyEditor(Api::OpenAiResponses, review)
                            ->event({.type = {}, .data = body, .bytes = body}, out));
            QCOMPARE(review.clientCalls.size(), std::size_t{1});
            QCOMPARE(QString::fromStdString(review.responseId), responseId);
            QCOMPARE(QString::fromStdString(review.conversationId), conversationId);
        }
    }

    /// Else a text would leave as it came under another name.
    void aTextStaysAText_data()
    {
        QTest::addColumn<QString>("event");
        QTest::newRow("its part is done") << QStringLiteral("response.content_part.done");
        QTest::newRow("its item is done") << QStringLiteral("response.output_item.done");
        QTest::newRow("the response is complete") << QStringLiteral("response.completed");
    }
    void aTextStaysAText()
    {
        QFETCH(QString, event);
        std::string bytes = textStream(Api::OpenAiResponses, {"a sec", "ret"});
        const std::string type = "\"output_text\"";
        const std::size_t at = bytes.find(type, bytes.find("event: " + event.toStdString()));
        bytes.replace(at, type.size(), "\"outputtext\"");
        WordReview review("secret");
        Collected out;
        QVERIFY(!edit(Api::OpenAiResponses, review, bytes, out));
        QVERIFY(out.bytes.find("a secret") == std::string::npos);
    }

private:
    static bool isOurs(Api api)
    {
        return api == Api::AnthropicMessages || api == Api::OpenAiChat || api == Api::OpenAiResponses;
    }
    void addRows()
    {
        QTest::addColumn<std::size_t>("index");
        for (std::size_t i = 0; i < m_cases.size(); ++i) {
            if (isOurs(m_cases[i].api) && (m_cases[i].isSse() || m_cases[i].kind == "body"))
                QTest::newRow(m_cases[i].id.c_str()) << i;
        }
    }
    void addRowsWithCalls()
    {
        QTest::addColumn<std::size_t>("index");
        for (std::size_t i = 0; i < m_cases.size(); ++i) {
            const CorpusCase& recording = m_cases[i];
            if (isOurs(recording.api) && (recording.isSse() || recording.kind == "body") &&
                !blocksOf(readReply(recording, recording.bytes), BlockKind::ToolUse).empty())
                QTest::newRow(recording.id.c_str()) << i;
        }
    }

    static std::string newArguments(const ScriptedReview::Asked& call)
    {
        return call.isFreeText ? "a \"new\" text\n" : "{\"replaced\":\"by a \\\"policy\\\"\",\"number\":1.50}";
    }

    static void requireSound(const CorpusCase& recording, const std::string& bytes)
    {
        const QString found = breach(recording.api, splitReply(recording.kind, bytes));
        QVERIFY2(found.isEmpty(), qPrintable(found + u'\n' + QString::fromStdString(bytes)));
    }

    static void requireReplaced(const CorpusCase& made, const std::string& word, const std::string& expected)
    {
        WordReview review(word);
        Collected out;
        QVERIFY(edit(made.api, review, made.bytes, out));
        QCOMPARE(joined(blocksOf(readReply(made, out.bytes), BlockKind::Text)), expected);
        QVERIFY(review.mostHeld <= review.bound());
        requireSound(made, out.bytes);
    }

    /// Words of a text: two that are in it, one at its end, one that only begins there.
    static std::vector<std::string> wordsOf(const std::string& text)
    {
        std::vector<std::string> words;
        for (const std::size_t at : {text.size() / 3, text.size() / 2}) {
            std::size_t begin = at;
            while (begin < text.size() && !isBoundary(text, begin))
                ++begin;
            std::size_t end = std::min(begin + 5, text.size());
            while (!isBoundary(text, end))
                ++end;
            if (end - begin > 2)
                words.push_back(text.substr(begin, end - begin));
        }
        if (!text.empty() && isBoundary(text, text.size() - 1))
            words.push_back(text.substr(text.size() - 1) + "zzz");
        return words;
    }

    static std::string start(const std::string& text)
    {
        std::size_t end = std::min<std::size_t>(text.size(), 120);
        while (!isBoundary(text, end))
            ++end;
        return text.substr(0, end);
    }

    std::vector<CorpusCase> m_cases;
};

LUTHIEN_TEST(tst_reply_answers, TestReplyAnswers)
#include "tst_reply_answers.moc"
