// SPDX-License-Identifier: Apache-2.0
#include "support/stream_checker.h"

#include "protocol/sse_parser.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include <map>
#include <optional>

namespace luthien::test {

namespace {

using namespace Qt::StringLiterals;

QJsonObject parsed(const std::string& data)
{
    return QJsonDocument::fromJson(QByteArray::fromStdString(data)).object();
}

class Checker
{
public:
    virtual ~Checker() = default;
    virtual void add(const SentEvent& event) = 0;
    virtual void finish() = 0;
    QStringList found;

protected:
    void require(bool holds, const QString& what)
    {
        if (!holds && !found.contains(what))
            found.append(what);
    }
};

class AnthropicChecker final : public Checker
{
public:
    void add(const SentEvent& event) override
    {
        const QJsonObject data = parsed(event.data);
        const QString type = data["type"_L1].toString();
        require(QString::fromStdString(event.type) == type, u"the event line is missing or another"_s);
        require(!m_isStopped, u"it goes on after its end"_s);
        if (type == "message_start"_L1) {
            require(!std::exchange(m_isStarted, true), u"a second message_start"_s);
            return;
        }
        if (type == "ping"_L1 || type == "error"_L1) {
            m_isStopped = type == "error"_L1;
            m_isFailed = m_isStopped;
            return;
        }
        require(m_isStarted, u"no message_start"_s);
        if (type.startsWith("content_block_"_L1)) {
            block(type, data);
        } else if (type == "message_delta"_L1) {
            require(m_open < 0, u"a block is left open"_s);
            require(data["usage"_L1].isObject(), u"message_delta has no usage"_s);
            m_reason = data["delta"_L1]["stop_reason"_L1].toString();
        } else if (type == "message_stop"_L1) {
            require(!m_reason.isEmpty(), u"no stop reason"_s);
            m_isStopped = true;
        }
    }
    void finish() override
    {
        require(m_isStopped, u"no message_stop"_s);
        require(m_isFailed || (m_reason == "tool_use"_L1) == m_hasCall, u"the stop reason does not fit"_s);
    }

private:
    void block(const QString& type, const QJsonObject& data)
    {
        const int index = data["index"_L1].toInt(-1);
        if (type == "content_block_start"_L1) {
            require(m_open < 0 && index == m_blocks, u"a block's index has a gap"_s);
            m_open = m_blocks++;
            const QString kind = data["content_block"_L1]["type"_L1].toString();
            require(kind != "text"_L1 || !m_hasCall, u"text follows a call"_s);
            m_hasCall = m_hasCall || kind == "tool_use"_L1;
            return;
        }
        require(index == m_open, u"a part of a block that is not open"_s);
        if (type == "content_block_stop"_L1)
            m_open = -1;
    }

    bool m_isStarted = false;
    bool m_isStopped = false;
    bool m_isFailed = false;
    bool m_hasCall = false;
    int m_open = -1;
    int m_blocks = 0;
    QString m_reason;
};

class ChatChecker final : public Checker
{
public:
    void add(const SentEvent& event) override
    {
        require(!m_isDone, u"it goes on after [DONE]"_s);
        if (event.data == "[DONE]") {
            m_isDone = true;
            return;
        }
        const QJsonObject chunk = parsed(event.data);
        m_isFailed = m_isFailed || chunk["error"_L1].isObject();
        require(chunk["choices"_L1].isArray() || m_isFailed, u"a chunk without choices"_s);
        for (const QJsonValue& choice : chunk["choices"_L1].toArray())
            add(choice.toObject());
    }
    void finish() override
    {
        require(m_isDone || m_isFailed, u"no [DONE]"_s);
        for (const auto& [number, choice] : m_choices) {
            require(choice.reason.has_value() || m_isFailed, u"no finish reason"_s);
            const bool saysCalls = choice.reason == u"tool_calls"_s || choice.reason == u"function_call"_s;
            require(!choice.reason || saysCalls == (choice.calls > 0), u"the finish reason does not fit"_s);
            require(choice.hasContent || choice.calls > 0, u"a choice says nothing"_s);
        }
    }

private:
    struct Choice
    {
        int calls = 0;
        bool hasContent = false;
        std::optional<QString> reason;
    };
    void add(const QJsonObject& json)
    {
        Choice& choice = m_choices[json["index"_L1].toInt()];
        const QJsonObject delta = json["delta"_L1].toObject();
        choice.hasContent = choice.hasContent || !delta["content"_L1].toString().isEmpty() ||
                            delta["content"_L1].isArray() || !delta["refusal"_L1].toString().isEmpty();
        for (const QJsonValue& call : delta["tool_calls"_L1].toArray()) {
            require(!choice.reason, u"a call after the end of its choice"_s);
            const int index = call["index"_L1].toInt(-1);
            require(index >= 0 && index <= choice.calls, u"a call's index has a gap"_s);
            if (index < choice.calls)
                continue;
            ++choice.calls;
            const QJsonValue body = call["function"_L1].isObject() ? call["function"_L1] : call["custom"_L1];
            require(!call["id"_L1].toString().isEmpty() && !body["name"_L1].toString().isEmpty(),
                    u"a call begins without id or name"_s);
            require(call["type"_L1].isString(), u"a call begins without type"_s);
        }
        if (!delta["function_call"_L1]["name"_L1].toString().isEmpty())
            ++choice.calls;
        const QString reason = json["finish_reason"_L1].toString();
        if (reason.isEmpty())
            return;
        require(!choice.reason, u"a second finish reason"_s);
        require(!choice.reason || *choice.reason == reason, u"finish reasons contradict each other"_s);
        choice.reason = reason;
    }

    std::map<int, Choice> m_choices;
    bool m_isDone = false;
    bool m_isFailed = false;
};

class ResponsesChecker final : public Checker
{
public:
    void add(const SentEvent& event) override
    {
        if (event.data == "[DONE]")
            return;
        const QJsonObject data = parsed(event.data);
        const QString type = data["type"_L1].toString();
        require(QString::fromStdString(event.type) == type, u"the event line is missing or another"_s);
        require(!m_isEnded, u"it goes on after its end"_s);
        if (!std::exchange(m_hasBegun, true))
            require(type == "response.created"_L1, u"no response.created"_s);
        const int output = data["output_index"_L1].toInt();
        if (type == "error"_L1)
            m_isFailed = true;
        else if (type == "response.output_item.added"_L1)
            begin(output, data["item"_L1].toObject());
        else if (type == "response.output_item.done"_L1)
            end(output, data["item"_L1].toObject());
        else if (type.startsWith("response.output_text."_L1) || type.startsWith("response.content_part."_L1))
            text(type, output, data);
        else if (type == "response.completed"_L1 || type == "response.incomplete"_L1 || type == "response.failed"_L1)
            complete(type, data["response"_L1].toObject());
        else if (data.contains("output_index"_L1))
            require(m_open == output, u"a part of an item that is not open"_s);
    }
    void finish() override { require(m_isEnded || m_isFailed, u"no terminal event"_s); }

private:
    void begin(int output, const QJsonObject& item)
    {
        require(m_open < 0, u"items interleave"_s);
        require(output == int(m_done.size()), u"an item's index has a gap"_s);
        m_open = output;
        m_openId = item["id"_L1].toString();
        m_texts.clear();
    }
    void text(const QString& type, int output, const QJsonObject& data)
    {
        require(m_open == output, u"a text of an item that is not open"_s);
        require(data["item_id"_L1].toString() == m_openId, u"a text names another item"_s);
        const int content = data["content_index"_L1].toInt(-1);
        if (type.endsWith(".delta"_L1)) {
            m_texts[content] += data["delta"_L1].toString();
        } else if (type == "response.output_text.done"_L1) {
            require(m_texts[content] == data["text"_L1].toString(), u"a text differs from its deltas"_s);
        } else if (type == "response.content_part.done"_L1 && data["part"_L1]["type"_L1] == "output_text"_L1) {
            require(m_texts[content] == data["part"_L1]["text"_L1].toString(), u"a part differs from its deltas"_s);
        }
    }
    void end(int output, const QJsonObject& item)
    {
        require(m_open == output, u"an item is done that is not open"_s);
        const QJsonArray content = item["content"_L1].toArray();
        for (int i = 0; item["type"_L1] == "message"_L1 && i < content.size(); ++i) {
            if (content[i]["type"_L1] == "output_text"_L1)
                require(m_texts[i] == content[i]["text"_L1].toString(), u"an item's text differs from its deltas"_s);
        }
        m_done.append(item);
        m_open = -1;
    }
    void complete(const QString& type, const QJsonObject& response)
    {
        m_isEnded = true;
        const QJsonArray output = response["output"_L1].toArray();
        if (type != "response.completed"_L1)
            return;
        require(output.size() == m_done.size(), u"the response has other items than its stream"_s);
        for (int i = 0; i < output.size() && i < m_done.size(); ++i) {
            require(output[i]["type"_L1] == m_done[i]["type"_L1], u"the response has other items than its stream"_s);
            require(output[i]["content"_L1] == m_done[i]["content"_L1], u"the response has another text"_s);
            for (const QLatin1StringView member : {"call_id"_L1, "name"_L1, "arguments"_L1, "input"_L1})
                require(output[i][member] == m_done[i][member], u"the response has another call"_s);
        }
    }

    bool m_hasBegun = false;
    bool m_isEnded = false;
    bool m_isFailed = false;
    int m_open = -1;
    QString m_openId;
    std::map<int, QString> m_texts;
    QJsonArray m_done;
};

} // namespace

std::vector<SentEvent> splitEvents(std::string_view bytes)
{
    std::vector<SentEvent> events;
    protocol::SseParser parser;
    while (!bytes.empty()) {
        const auto step = parser.parse(bytes);
        bytes.remove_prefix(step.consumed);
        if (step.state == protocol::SseParser::State::Event && step.event.hasData)
            events.push_back({std::string(step.event.type), std::string(step.event.data)});
    }
    return events;
}

QStringList breaches(conversation::Api api, const std::vector<SentEvent>& events)
{
    AnthropicChecker anthropic;
    ChatChecker chat;
    ResponsesChecker responses;
    Checker& checker = api == conversation::Api::AnthropicMessages ? static_cast<Checker&>(anthropic)
                       : api == conversation::Api::OpenAiChat      ? static_cast<Checker&>(chat)
                                                                   : static_cast<Checker&>(responses);
    for (const SentEvent& event : events)
        checker.add(event);
    checker.finish();
    return checker.found;
}

} // namespace luthien::test
