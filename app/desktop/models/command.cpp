// SPDX-License-Identifier: Apache-2.0
#include "desktop/models/command.h"

#include "desktop/models/command_book.h"

namespace luthien::desktop {

Command::~Command()
{
    if (m_book)
        m_book->remove(this);
}

template <typename Value>
void Command::set(Value& member, const Value& value)
{
    if (member == value)
        return;
    member = value;
    Q_EMIT changed();
}

void Command::setBook(CommandBook* book)
{
    if (m_book == book)
        return;
    if (m_book)
        m_book->remove(this);
    m_book = book;
    if (m_book && m_isWhole)
        m_book->add(this);
    Q_EMIT changed();
}

void Command::componentComplete()
{
    m_isWhole = true;
    if (m_book)
        m_book->add(this);
}

void Command::setName(const QString& name)
{
    set(m_name, name);
}

void Command::setText(const QString& text)
{
    set(m_text, text);
}

void Command::setGroup(const QString& group)
{
    set(m_group, group);
}

void Command::setKeys(const QString& keys)
{
    set(m_keys, keys);
}

void Command::setEnabled(bool enabled)
{
    set(m_enabled, enabled);
}

void Command::setOnlyKeys(bool onlyKeys)
{
    set(m_onlyKeys, onlyKeys);
}

void Command::trigger()
{
    if (!m_enabled || m_onlyKeys)
        return;
    if (m_book)
        m_book->noteUse(m_name);
    Q_EMIT triggered();
}

} // namespace luthien::desktop
