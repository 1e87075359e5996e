// SPDX-License-Identifier: Apache-2.0
#include "protocol/stream_checking.h"

namespace luthien::protocol {

namespace ondemand = simdjson::ondemand;

namespace {

/// Ollama's own API: lines of one form, of which the last says that it is done; a whole body is that line alone.
class OllamaChecker final : public StreamChecker
{
public:
    Result<void> event(std::string_view type, std::string_view data) override;
    Result<void> end() override { return m_isOver ? Result<void>() : breach("The last line says that it is done."); }

private:
    struct Line
    {
        bool hasError = false;
        bool hasContent = false; ///< a message, or the response of generate
        bool hasDone = false;
        bool isDone = false;
        bool hasOddCall = false;
    };
    static void readMember(std::string_view key, ondemand::value& member, Line& line);
    static bool isCall(ondemand::value& call);

    JsonReader m_reader;
    bool m_isOver = false;
};

bool OllamaChecker::isCall(ondemand::value& call)
{
    bool hasName = false;
    bool hasArguments = false;
    forEachMember(call, [&](std::string_view key, ondemand::value& function) {
        if (key != "function")
            return;
        forEachMember(function, [&](std::string_view name, ondemand::value& member) {
            if (name == "name")
                hasName = !textOf(member).empty();
            else if (name == "arguments")
                hasArguments = isObject(member);
        });
    });
    return hasName && hasArguments;
}

void OllamaChecker::readMember(std::string_view key, ondemand::value& member, Line& line)
{
    if (key == "error") {
        line.hasError = !isNull(member);
    } else if (key == "response") {
        line.hasContent = true;
    } else if (key == "done") {
        bool isDone = false;
        line.hasDone = !member.get_bool().get(isDone);
        line.isDone = isDone;
    } else if (key == "message") {
        line.hasContent = isObject(member);
        forEachMember(member, [&line](std::string_view name, ondemand::value& calls) {
            if (name == "tool_calls")
                forEachElement(calls,
                               [&line](ondemand::value& call) { line.hasOddCall = !isCall(call) || line.hasOddCall; });
        });
    }
}

Result<void> OllamaChecker::event(std::string_view, std::string_view data)
{
    if (data.empty())
        return {};
    if (m_isOver)
        return breach("Nothing follows the line that is done.");
    Line line;
    const auto object = m_reader.object(data);
    if (!object || !forEachMember(*object, [&line](std::string_view key, ondemand::value& member) {
            readMember(key, member, line);
        }))
        return breach("A line is one JSON object.");
    m_isOver = line.hasError || line.isDone;
    if (line.hasError)
        return {};
    if (!line.hasDone || !line.hasContent)
        return breach("A line has a message or a response, and says whether it is done.");
    if (line.hasOddCall)
        return breach("A call has a name, and arguments that are an object.");
    return {};
}

} // namespace

std::unique_ptr<StreamChecker> makeOllamaChecker()
{
    return std::make_unique<OllamaChecker>();
}

} // namespace luthien::protocol
