// SPDX-License-Identifier: Apache-2.0
#include "desktop/models/json_outline.h"

#include <algorithm>
#include <ranges>

namespace luthien::desktop {

namespace {
const JsonBranch::Child* childAt(const JsonBranch& branch, std::uint64_t index)
{
    const auto found = std::ranges::lower_bound(branch.opened, index, {}, &JsonBranch::Child::index);
    return found != branch.opened.end() && found->index == index ? &*found : nullptr;
}

/// Where a row of the branch stands among all that it shows.
int offsetOf(const JsonBranch& branch, std::uint64_t index)
{
    const auto after = std::ranges::lower_bound(branch.opened, index, {}, &JsonBranch::Child::index);
    int rows = static_cast<int>(index);
    if (after != branch.opened.begin())
        rows += std::prev(after)->rowsBefore + std::prev(after)->branch->rows;
    return rows;
}

void count(JsonBranch& branch)
{
    int rows = 0;
    for (JsonBranch::Child& child : branch.opened) {
        child.rowsBefore = rows;
        rows += child.branch->rows;
    }
    branch.rows = static_cast<int>(branch.listing->count()) + rows;
}

/// Source: RFC 6901 section 3.
void appendToken(std::string& pointer, std::string_view name)
{
    pointer += '/';
    for (const char c : name) {
        if (c == '~')
            pointer += "~0";
        else if (c == '/')
            pointer += "~1";
        else
            pointer += c;
    }
}
} // namespace

void JsonOutline::show(std::string_view text, std::shared_ptr<const JsonListing> listing)
{
    m_text = text;
    m_root = std::make_unique<JsonBranch>(std::move(listing));
}

void JsonOutline::clear()
{
    m_text = {};
    m_root.reset();
}

JsonOutline::Row JsonOutline::row(int number) const
{
    Row row;
    const JsonBranch* branch = m_root.get();
    while (true) {
        const auto position = [](const JsonBranch::Child& child) {
            return static_cast<int>(child.index) + child.rowsBefore;
        };
        const auto after = std::ranges::upper_bound(branch->opened, number, {}, position);
        row.listing = branch->listing.get();
        if (after == branch->opened.begin()) {
            row.path.push_back(static_cast<std::uint64_t>(number));
            return row;
        }
        const JsonBranch::Child& child = *std::prev(after);
        const int below = number - position(child);
        if (below > child.branch->rows) {
            row.path.push_back(child.index + static_cast<std::uint64_t>(below - child.branch->rows));
            return row;
        }
        row.path.push_back(child.index);
        if (below == 0) {
            row.branch = child.branch.get();
            return row;
        }
        branch = child.branch.get();
        number = below - 1;
    }
}

int JsonOutline::numberOf(const JsonPath& path) const
{
    int number = -1;
    const JsonBranch* branch = m_root.get();
    for (const std::uint64_t index : path) {
        if (branch == nullptr)
            return -1;
        number += 1 + offsetOf(*branch, index);
        const JsonBranch::Child* child = childAt(*branch, index);
        branch = child != nullptr ? child->branch.get() : nullptr;
    }
    return number;
}

const JsonBranch* JsonOutline::branchAt(const JsonPath& path) const
{
    const JsonBranch* branch = m_root.get();
    for (const std::uint64_t index : path) {
        const JsonBranch::Child* child = branch != nullptr ? childAt(*branch, index) : nullptr;
        branch = child != nullptr ? child->branch.get() : nullptr;
    }
    return branch;
}

std::vector<JsonBranch*> JsonOutline::holders(const JsonPath& path) const
{
    std::vector<JsonBranch*> all{m_root.get()};
    for (std::size_t level = 0; level + 1 < path.size(); ++level) {
        const JsonBranch::Child* child = childAt(*all.back(), path[level]);
        if (child == nullptr)
            return {};
        all.push_back(child->branch.get());
    }
    return all;
}

void JsonOutline::open(const JsonPath& path, std::unique_ptr<JsonBranch> branch)
{
    const std::vector<JsonBranch*> all = holders(path);
    if (all.empty() || all.front() == nullptr)
        return;
    std::vector<JsonBranch::Child>& opened = all.back()->opened;
    const auto place = std::ranges::lower_bound(opened, path.back(), {}, &JsonBranch::Child::index);
    opened.insert(place, JsonBranch::Child{.index = path.back(), .branch = std::move(branch)});
    std::ranges::for_each(all | std::views::reverse, [](JsonBranch* each) { count(*each); });
}

void JsonOutline::close(const JsonPath& path)
{
    const std::vector<JsonBranch*> all = holders(path);
    if (all.empty() || all.front() == nullptr)
        return;
    std::erase_if(all.back()->opened, [&path](const JsonBranch::Child& child) { return child.index == path.back(); });
    std::ranges::for_each(all | std::views::reverse, [](JsonBranch* each) { count(*each); });
}

std::string JsonOutline::pointerTo(const JsonPath& path) const
{
    std::string pointer;
    const JsonBranch* branch = m_root.get();
    // A text that is one value alone is the whole: nothing leads to it.
    const bool isWhole = branch != nullptr && branch->listing->isWhole();
    for (std::size_t level = 0; level < path.size() && branch != nullptr; ++level) {
        if (branch->listing->hasLines())
            break;
        if (!(isWhole && level == 0)) {
            const JsonItem item = branch->listing->item(path[level]);
            appendToken(pointer, item.name ? unescaped(*item.name) : std::to_string(path[level]));
        }
        const JsonBranch::Child* child = childAt(*branch, path[level]);
        branch = child != nullptr ? child->branch.get() : nullptr;
    }
    return pointer;
}

bool opens(std::string_view text, const JsonItem& item, std::size_t lineBytes)
{
    if (item.isContainer())
        return item.members > 0;
    if (item.kind != JsonKind::String || item.size() <= 2)
        return false;
    const std::string_view inside = text.substr(item.begin + 1, item.size() - 2);
    return inside.size() > lineBytes || inside.find("\\n") != std::string_view::npos;
}

JsonListing listingOf(std::string_view text, const JsonItem& item, const std::stop_token& stop, std::size_t lineBytes)
{
    if (item.isContainer())
        return JsonListing::ofMembers(text, item.begin, stop);
    return JsonListing::ofLines(text, item.begin + 1, item.end - 1, JsonListing::Escapes::Read, stop, lineBytes);
}

bool openAll(std::string_view text, JsonBranch& branch, int& most, const std::stop_token& stop, int levels)
{
    bool isAll = true;
    for (std::uint64_t index = 0; index < branch.listing->count() && !branch.listing->hasLines(); ++index) {
        if (stop.stop_requested())
            break;
        const JsonItem item = branch.listing->item(index);
        if (!item.isContainer() || item.members == 0)
            continue;
        if (most <= 0 || levels <= 0) {
            isAll = false;
            break;
        }
        --most;
        auto child = std::make_unique<JsonBranch>(std::make_shared<const JsonListing>(listingOf(text, item, stop)));
        isAll = openAll(text, *child, most, stop, levels - 1) && isAll;
        branch.opened.push_back({.index = index, .branch = std::move(child)});
    }
    count(branch);
    return isAll;
}

} // namespace luthien::desktop
