// SPDX-License-Identifier: Apache-2.0
#include "desktop/controllers/arguments_edit.h"

#include "base/strict_json.h"
#include "desktop/models/call_texts.h"
#include "desktop/models/readable_arguments.h"
#include "desktop/models/visible_text.h"
#include "policy/approval_answering.h"

#include <QUtf8StringView>

#include <algorithm>
#include <charconv>

namespace luthien::desktop {

using namespace std::chrono_literals;

namespace {
/// While somebody types, the texts are compared no more often than this.
constexpr auto kComparesAfter = 100ms;

/// "Line 3: a value is missing" of text that is no JSON; empty = it is some.
QString syntaxProblem(const std::string& text)
{
    const auto read = parseStrictJson(text);
    if (read)
        return {};
    std::size_t offset = 0;
    const std::string& context = read.error().context; // "byte 17"
    const std::size_t digits = std::min(context.find(' ') + 1, context.size());
    std::from_chars(context.data() + digits, context.data() + context.size(), offset);
    const auto end = text.begin() + static_cast<std::ptrdiff_t>(std::min(offset, text.size()));
    const auto line = std::count(text.begin(), end, '\n') + 1;
    return ArgumentsEdit::tr("Line %1: %2").arg(line).arg(visibleText(read.error().message));
}
} // namespace

ArgumentsEdit::ArgumentsEdit(QObject* parent)
    : QObject(parent)
{
    m_compares.setSingleShot(true);
    m_compares.setInterval(kComparesAfter);
    connect(&m_compares, &QTimer::timeout, this,
            [this] { m_changes.compare(m_original.toStdString(), m_text.toStdString()); });
}

void ArgumentsEdit::follow(const std::optional<policy::Approval>& question)
{
    const bool isSame = question && m_question && question->id == m_question->id;
    m_question = question;
    if (!isSame)
        close();
}

void ArgumentsEdit::begin()
{
    if (!m_question)
        return;
    m_original = fromUtf8(editableArguments(m_question->question.arguments, m_question->question.isFreeText));
    m_isOpen = true;
    m_text = m_original;
    check();
}

void ArgumentsEdit::close()
{
    m_isOpen = false;
    m_text.clear();
    m_original.clear();
    m_problem.clear();
    m_warnings.clear();
    m_compares.stop();
    m_changes.compare({}, {});
    Q_EMIT changed();
}

void ArgumentsEdit::setText(const QString& text)
{
    if (!m_isOpen || text == m_text)
        return;
    m_text = text;
    check();
}

policy::ApprovalAnswer ArgumentsEdit::answer() const
{
    return {.verb = policy::ApprovalVerb::Edit, .arguments = m_text.toStdString()};
}

void ArgumentsEdit::check()
{
    const policy::ApprovalQuestion& question = m_question->question;
    const std::string text = m_text.toStdString();
    m_warnings = readableArguments(text, true).warnings;
    m_problem = question.isFreeText ? QString() : syntaxProblem(text);
    if (m_problem.isEmpty())
        if (const auto checked = policy::checkAnswer(answer(), question); !checked)
            m_problem = visibleText(checked.error().message);
    if (!m_compares.isActive())
        m_compares.start();
    Q_EMIT changed();
}

} // namespace luthien::desktop
