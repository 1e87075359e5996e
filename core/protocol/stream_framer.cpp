// SPDX-License-Identifier: Apache-2.0
#include "protocol/stream_framer.h"

#include "protocol/dialect.h"

namespace luthien::protocol {

using conversation::StreamForm;

namespace {
std::variant<SseParser, LineSplitter, ListSplitter> splitterFor(StreamForm form, std::size_t maxEventBytes)
{
    switch (form) {
    case StreamForm::Lines:
        return LineSplitter(maxEventBytes);
    case StreamForm::List:
        return ListSplitter(maxEventBytes);
    case StreamForm::EventStream:
        break;
    }
    return SseParser(maxEventBytes);
}

std::string listEnding(ListSplitter::Place place, std::string_view data)
{
    switch (place) {
    case ListSplitter::Place::Before:
        return "[" + std::string(data) + "]";
    case ListSplitter::Place::AfterElement:
        return ",\n" + std::string(data) + "\n]";
    case ListSplitter::Place::Opened:
    case ListSplitter::Place::AfterComma:
        return std::string(data) + "\n]";
    case ListSplitter::Place::Element:
    case ListSplitter::Place::Closed:
        break;
    }
    return {};
}
} // namespace

StreamFramer::StreamFramer(StreamForm form, std::size_t maxEventBytes)
    : m_splitter(splitterFor(form, maxEventBytes))
{
}

StreamForm StreamFramer::form() const noexcept
{
    return static_cast<StreamForm>(m_splitter.index());
}

StreamFramer::Step StreamFramer::parse(std::string_view input)
{
    return std::visit([input](auto& splitter) { return splitter.parse(input); }, m_splitter);
}

StreamFramer::Step StreamFramer::finish()
{
    if (auto* events = std::get_if<SseParser>(&m_splitter))
        return events->finish();
    auto* lines = std::get_if<LineSplitter>(&m_splitter);
    return lines ? lines->finish() : Step();
}

bool StreamFramer::isInsideEvent() const noexcept
{
    return std::visit([](const auto& splitter) { return splitter.isInsideEvent(); }, m_splitter);
}

std::string StreamFramer::errorEnding(const Dialect& dialect, unsigned httpStatus, std::string_view code,
                                      std::string_view message) const
{
    if (const auto* list = std::get_if<ListSplitter>(&m_splitter))
        return listEnding(list->place(), dialect.errorBody(httpStatus, code, message, {}));
    std::string event = dialect.errorEvent(code, message);
    if (event.empty() || !isInsideEvent())
        return event;
    // What was cut is ended, so that ours is read as an event of its own.
    return (form() == StreamForm::Lines ? "\n" : "\n\n") + event;
}

} // namespace luthien::protocol
