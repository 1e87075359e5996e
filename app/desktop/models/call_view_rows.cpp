// SPDX-License-Identifier: Apache-2.0
// The part of CallView that is about its rows: how they are reached, folded and brought up to date.
#include "desktop/models/call_view.h"
#include "desktop/models/decision_rows.h"

namespace luthien::desktop {

using conversation::BlockKind;

void CallView::toggle(std::size_t row)
{
    Section& at = section(sectionOf(row));
    if (this->row(row).kind == row::Kind::Received) {
        m_sentExpanded = !m_sentExpanded;
        return refreshFooter();
    }
    if (!at.block || !at.rows.front().expandable)
        return;
    at.block->setExpanded(!at.block->isExpanded());
    at.refold = true;
    at.changed = true;
}

bool CallView::isHeader(const Section& section) const
{
    return !section.block && !section.rows.empty() && section.rows.back().kind == row::Kind::TurnHeader;
}

void CallView::toggleWritten(std::size_t row)
{
    const std::size_t header = sectionOf(row);
    if (!isHeader(m_sections[header]))
        return;
    const bool isWritten = !m_sections[header].rows.back().expanded;
    if (header == m_headerSection) {
        m_isReplyWritten = isWritten;
        refreshHeader();
    } else {
        m_sections[header].pending = m_sections[header].rows;
        m_sections[header].pending->back().expanded = isWritten;
        m_sections[header].changed = true;
    }
    for (std::size_t i = header + 1; i < m_sections.size() && !isHeader(m_sections[i]); ++i) {
        Section& at = m_sections[i];
        if (!at.block || at.block->kind() != BlockKind::Text)
            continue;
        at.block->setAsWritten(isWritten);
        at.refold = at.changed = true;
    }
}

void CallView::compare(std::size_t row, row::Comparison comparison)
{
    const int decision = this->row(row).decision;
    if (decision < 0 || m_comparisons[static_cast<std::size_t>(decision)] == row::Comparison::None)
        return;
    m_comparisons[static_cast<std::size_t>(decision)] = comparison;
    const std::size_t index = sectionOf(row);
    if (m_sections[index].block)
        m_sections[index].refold = m_sections[index].changed = true;
    else
        index == m_headerSection ? refreshHeader() : refreshFooter();
}

std::string CallView::writtenUnder(std::size_t row) const
{
    std::string text;
    for (std::size_t i = sectionOf(row) + 1; i < m_sections.size() && !isHeader(m_sections[i]); ++i) {
        const auto& block = m_sections[i].block;
        if (!block || block->text().empty() || block->kind() == BlockKind::Thinking)
            continue;
        if (!text.empty())
            text += "\n\n";
        if (block->kind() == BlockKind::ToolUse)
            text += block->name().toStdString() + ": ";
        text += block->text();
    }
    return text;
}

std::optional<std::size_t> CallView::rowOfBlock(std::size_t block) const
{
    const std::size_t index = m_headerSection + 1 + block;
    if (index + 1 >= m_sections.size() || m_sections[index].rows.empty())
        return std::nullopt;
    return firstRowOf(index);
}

std::optional<std::size_t> CallView::findBlock(std::size_t section, bool backward, const TakeText& take) const
{
    for (std::size_t i = section; i < m_sections.size(); backward ? --i : ++i)
        if (m_sections[i].block && take(m_sections[i].block->text()))
            return i;
    return std::nullopt;
}

void CallView::unfold(std::size_t section)
{
    Section& at = m_sections[section];
    if (at.block && at.block->kind() != BlockKind::Text && !at.block->isExpanded() && !at.rows.empty())
        toggle(firstRowOf(section));
}

std::size_t CallView::firstRowOf(std::size_t section) const
{
    std::size_t row = 0;
    for (std::size_t i = 0; i < section; ++i)
        row += m_sections[i].rows.size();
    return row;
}

const ConversationRow& CallView::row(std::size_t index) const
{
    for (const Section& section : m_sections) {
        if (index < section.rows.size())
            return section.rows[index];
        index -= section.rows.size();
    }
    static const ConversationRow none;
    Q_ASSERT_X(false, "CallView::row", "the model asked for a row that is not there");
    return none;
}

std::optional<CallChange> CallView::nextChange()
{
    CallChange change;
    for (; change.section < m_sections.size(); ++change.section) {
        Section& at = m_sections[change.section];
        if (!at.changed) {
            change.firstRow += at.rows.size();
            continue;
        }
        at.changed = false;
        RowUpdate update;
        if (at.block) {
            update = at.refold ? at.block->all() : at.block->update();
            addDecisions(at, update);
        } else {
            update.rows = std::move(*at.pending);
        }
        at.refold = false;
        at.pending.reset();
        change.from = std::min(update.from, at.rows.size());
        change.firstRow += change.from;
        change.oldCount = at.rows.size() - change.from;
        change.rows = std::move(update.rows);
        return change;
    }
    return std::nullopt;
}

void CallView::setRow(const CallChange& change, std::size_t offset)
{
    section(change.section).rows[change.from + offset] = change.rows[offset];
}

void CallView::insertRows(const CallChange& change, std::size_t offset)
{
    auto& rows = section(change.section).rows;
    rows.insert(rows.end(), change.rows.begin() + static_cast<std::ptrdiff_t>(offset), change.rows.end());
    m_rowCount += change.rows.size() - offset;
}

void CallView::removeRows(const CallChange& change, std::size_t newCount)
{
    auto& rows = section(change.section).rows;
    m_rowCount -= rows.size() - (change.from + newCount);
    rows.resize(change.from + newCount);
}

void CallView::settle()
{
    while (const auto change = nextChange()) {
        const std::size_t common = std::min(change->oldCount, change->rows.size());
        for (std::size_t i = 0; i < common; ++i)
            setRow(*change, i);
        removeRows(*change, common);
        insertRows(*change, common);
    }
}

std::size_t CallView::sectionOf(std::size_t row) const
{
    std::size_t index = 0;
    while (index + 1 < m_sections.size() && row >= m_sections[index].rows.size())
        row -= m_sections[index++].rows.size();
    return index;
}

} // namespace luthien::desktop
