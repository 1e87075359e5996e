// SPDX-License-Identifier: Apache-2.0
#include "store/session_marks.h"

#include "store/database.h"

#include <utility>

namespace luthien::store {

namespace {
SessionWritten refused(Error why)
{
    return {.commit = 0, .refusal = std::move(why)};
}

Result<SessionWritten> noSuchSession(std::string_view id)
{
    return refused({ErrorCode::NotFound, "there is no such session", std::string(id)});
}

Result<void> check(const SessionMarks& marks)
{
    if (marks.label && marks.label->size() > SessionMarks::kMaxLabelBytes)
        return Error{ErrorCode::TooLarge,
                     "a label has at most " + std::to_string(SessionMarks::kMaxLabelBytes) + " bytes", "label"};
    if (marks.note && marks.note->size() > SessionMarks::kMaxNoteBytes)
        return Error{ErrorCode::TooLarge,
                     "a note has at most " + std::to_string(SessionMarks::kMaxNoteBytes) + " bytes", "note"};
    return {};
}

Result<SessionWritten> nextCommit(Database& database, std::int64_t newSessions)
{
    auto bump = database.statement("update_store_state");
    if (!bump)
        return bump.error();
    const auto number = (*bump)->bind(":new_sessions", newSessions).firstNumber();
    if (!number)
        return number.error();
    return SessionWritten{.commit = static_cast<std::uint64_t>(number->value_or(0)), .refusal = {}};
}
} // namespace

Result<SessionWritten> markSession(Database& database, std::string_view id, const SessionMarks& marks)
{
    if (auto checked = check(marks); !checked)
        return refused(checked.error());
    auto update = database.statement("update_session_marks");
    if (!update)
        return update.error();
    (*update)
        ->bindText(":uid", id)
        .bind(":pinned", marks.pinned ? std::optional<std::int64_t>(*marks.pinned ? 1 : 0) : std::nullopt);
    for (const auto& [name, text] : {std::pair(":label", &marks.label), std::pair(":note", &marks.note)}) {
        if (*text)
            (*update)->bindText(name, **text);
        else
            (*update)->bindNull(name);
    }
    const auto row = (*update)->firstNumber();
    if (!row)
        return row.error();
    return *row ? nextCommit(database, 0) : noSuchSession(id);
}

Result<SessionWritten> markSessionRemoved(Database& database, std::string_view id)
{
    auto mark = database.statement("mark_session_removed");
    auto open = database.statement("get_session_open_calls");
    if (!mark || !open)
        return mark ? open.error() : mark.error();
    const auto row = (*mark)->bindText(":uid", id).firstNumber();
    if (!row)
        return row.error();
    if (*row)
        return nextCommit(database, -1);
    const auto calls = (*open)->bindText(":uid", id).firstNumber();
    if (!calls)
        return calls.error();
    if (!*calls)
        return noSuchSession(id);
    return refused(
        {ErrorCode::Conflict, "a call of this session is open; delete it when the call is over", std::string(id)});
}

} // namespace luthien::store
