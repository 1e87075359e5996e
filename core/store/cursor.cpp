// SPDX-License-Identifier: Apache-2.0
#include "store/cursor.h"

#include <charconv>

namespace luthien::store {

namespace {
constexpr std::size_t kDigits = 16; // of one 64-bit number

void appendHex(std::string& text, std::int64_t number)
{
    constexpr char kHex[] = "0123456789abcdef";
    const auto bits = static_cast<std::uint64_t>(number);
    for (int shift = 60; shift >= 0; shift -= 4)
        text += kHex[(bits >> shift) & 0xf];
}

bool readHex(std::string_view digits, std::int64_t& number)
{
    std::uint64_t bits = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), bits, 16);
    number = static_cast<std::int64_t>(bits);
    return error == std::errc() && end == digits.data() + digits.size();
}
} // namespace

std::string toText(const Cursor& cursor)
{
    std::string text;
    text.reserve(2 * kDigits);
    appendHex(text, cursor.micros);
    appendHex(text, cursor.row);
    return text;
}

Result<Cursor> cursorFromText(std::string_view text)
{
    Cursor cursor;
    if (text.size() == 2 * kDigits && readHex(text.substr(0, kDigits), cursor.micros) &&
        readHex(text.substr(kDigits), cursor.row))
        return cursor;
    return Error{ErrorCode::InvalidInput, "this is not a cursor of ours; start again from the first page", "cursor"};
}

} // namespace luthien::store
