// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "desktop/models/json_listing.h"

#include <memory>
#include <string>
#include <vector>

namespace luthien::desktop {

/// A value that is opened, and which of its rows are opened in turn.
struct JsonBranch
{
    explicit JsonBranch(std::shared_ptr<const JsonListing> list)
        : listing(std::move(list))
        , rows(static_cast<int>(listing->count()))
    {
    }

    struct Child
    {
        std::uint64_t index = 0;
        std::unique_ptr<JsonBranch> branch;
        int rowsBefore = 0; ///< of the opened ones with lower indexes
    };

    std::shared_ptr<const JsonListing> listing;
    std::vector<Child> opened; ///< by index
    int rows = 0;              ///< its own and those of all below it
};

/// The row numbers, at each level, that lead to a value.
using JsonPath = std::vector<std::uint64_t>;

/// A JSON text as rows, one below the other: those of what is opened. Finding a row costs the logarithm of what is
/// open, and reading a few KiB of the text. The text outlives it. Thread: one at a time.
class JsonOutline
{
public:
    /// The members of the whole, or, if the text has a fault or is no object or list, what there is.
    void show(std::string_view text, std::shared_ptr<const JsonListing> listing);
    void clear();

    [[nodiscard]] int rowCount() const noexcept { return m_root ? m_root->rows : 0; }
    [[nodiscard]] std::string_view text() const noexcept { return m_text; }

    /// One row, read again for each call.
    struct Row
    {
        JsonPath path;
        const JsonListing* listing = nullptr; ///< that it belongs to
        const JsonBranch* branch = nullptr;   ///< what it opens to, while it is open
        [[nodiscard]] int depth() const noexcept { return static_cast<int>(path.size()) - 1; }
        [[nodiscard]] JsonItem item() const { return listing->item(path.back()); }
    };
    [[nodiscard]] Row row(int number) const;
    /// -1 if what leads there is not all open.
    [[nodiscard]] int numberOf(const JsonPath& path) const;
    /// Empty = the text as a whole.
    [[nodiscard]] const JsonBranch* branchAt(const JsonPath& path) const;

    /// The rows below this one come, or go; the caller announces them. \{
    void open(const JsonPath& path, std::unique_ptr<JsonBranch> branch);
    void close(const JsonPath& path);
    /// \}

    /// RFC 6901, of a value or of the string a line belongs to.
    [[nodiscard]] std::string pointerTo(const JsonPath& path) const;

private:
    /// The branches from the whole down to the one that holds the last row of the path.
    [[nodiscard]] std::vector<JsonBranch*> holders(const JsonPath& path) const;

    std::string_view m_text;
    std::unique_ptr<JsonBranch> m_root;
};

/// Whether a value opens to something: members, or the lines of a string too long for one row.
[[nodiscard]] bool opens(std::string_view text, const JsonItem& item, std::size_t lineBytes = JsonListing::kLineBytes);
/// What it opens to.
[[nodiscard]] JsonListing listingOf(std::string_view text, const JsonItem& item, const std::stop_token& stop = {},
                                    std::size_t lineBytes = JsonListing::kLineBytes);
/// Opens everything below a value, as long as no more than `most` values are opened and they are not nested deeper than
/// a person would follow; false if that was not all.
[[nodiscard]] bool openAll(std::string_view text, JsonBranch& branch, int& most, const std::stop_token& stop,
                           int levels = 200);

} // namespace luthien::desktop
