// SPDX-License-Identifier: Apache-2.0
#include "desktop/controllers/filter_input.h"

#include "desktop/models/call_texts.h"
#include "desktop/models/visible_text.h"
#include "filter/complete.h"
#include "filter/explain.h"
#include "filter/parser.h"

#include <algorithm>
#include <chrono>

namespace luthien::desktop {

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {
// Between two keys of somebody who types.
constexpr auto kRest = 250ms;
constexpr std::size_t kMostValues = 20;

int unitsOf(std::string_view bytes)
{
    return static_cast<int>(fromUtf8(bytes).size());
}

/// As the language takes it: in quotes if it holds what would end it.
std::string quoted(const std::string& value)
{
    const bool isPlain = !value.empty() && value.find_first_of(" \t\r\n()\"\\*?") == std::string::npos &&
                         value.front() != '/' && value.front() != '-';
    if (isPlain)
        return value;
    std::string text = "\"";
    for (const char letter : value) {
        if (letter == '"' || letter == '\\')
            text += '\\';
        text += letter;
    }
    return text + '"';
}

/// The predicate whose value stands at this place; empty = none does, or it is an expression.
std::string_view predicateBefore(std::string_view text, std::size_t place)
{
    const std::string_view before = text.substr(0, place);
    const std::size_t last = before.find_last_not_of(":=!");
    if (last == std::string_view::npos || last + 1 == before.size())
        return {};
    const std::size_t first = before.substr(0, last + 1).find_last_of(" \t\r\n()\"-");
    return before.substr(first == std::string_view::npos ? 0 : first + 1, last - first);
}
} // namespace

FilterInput::FilterInput(const KnownValues& values, QObject* parent)
    : QObject(parent)
    , m_values(values)
{
    m_rest.setSingleShot(true);
    m_rest.setInterval(kRest);
    connect(&m_rest, &QTimer::timeout, this, &FilterInput::apply);
}

void FilterInput::setText(const QString& text)
{
    if (text == m_text)
        return;
    m_text = text.left(static_cast<qsizetype>(filter::kMaxBytes));
    Q_EMIT textChanged();
    if (!m_error.isEmpty()) { // it may be mended by what is being typed
        m_error.clear();
        m_errorLength = 0;
        Q_EMIT judged();
    }
    m_rest.start();
}

void FilterInput::apply()
{
    m_rest.stop();
    const std::string text = m_text.toStdString();
    const auto parsed = filter::parse(text);
    if (const auto* const wrong = std::get_if<filter::FilterError>(&parsed)) {
        m_error = visibleText(filter::sentence(*wrong));
        m_errorStart = unitsOf(std::string_view(text).substr(0, wrong->offset));
        m_errorLength = std::max(1, unitsOf(std::string_view(text).substr(wrong->offset, wrong->length)));
        m_meaning.clear();
        return Q_EMIT judged();
    }
    const auto& filter = std::get<filter::Expression>(parsed);
    m_error.clear();
    m_errorLength = 0;
    m_meaning = filter.isAll() ? QString() : visibleText(filter::explain(filter).sentence);
    Q_EMIT judged();
    if (filter == m_filter)
        return;
    m_filter = filter;
    Q_EMIT filterChanged();
}

void FilterInput::complete(int cursor)
{
    const std::string text = m_text.toStdString();
    const auto place = static_cast<std::size_t>(m_text.left(cursor).toUtf8().size());
    const filter::Completion offered = filter::complete(text, place);
    m_from = offered.offset;
    m_length = offered.length;
    m_texts.clear();
    m_helps.clear();
    for (const filter::Candidate& each : offered.candidates) {
        m_texts.push_back(each.text);
        m_helps += fromUtf8(each.help);
    }
    const std::string_view predicate = predicateBefore(text, offered.offset);
    if (!predicate.empty() && m_texts.empty() && offered.offset <= place) {
        const std::string_view typed = std::string_view(text).substr(offered.offset, place - offered.offset);
        for (const std::string& value : m_values.beginningWith(predicate, typed, kMostValues)) {
            m_texts.push_back(quoted(value));
            m_helps += QString();
        }
    }
    // What stands there already is no offer.
    if (m_texts.size() == 1 && m_texts.front() == std::string_view(text).substr(m_from, m_length)) {
        m_texts.clear();
        m_helps.clear();
    }
    m_candidates.clear();
    for (const std::string& each : m_texts)
        m_candidates += visibleText(each);
    Q_EMIT candidatesChanged();
}

int FilterInput::accept(int candidate)
{
    if (candidate < 0 || candidate >= m_candidates.size())
        return static_cast<int>(m_text.size());
    std::string text = m_text.toStdString();
    std::string chosen = m_texts[static_cast<std::size_t>(candidate)];
    const bool isValue = chosen.back() != ':' && !predicateBefore(text, m_from).empty();
    if (isValue && m_from + m_length == text.size())
        chosen += ' '; // on to the next term
    text.replace(m_from, m_length, chosen);
    const int cursor = unitsOf(std::string_view(text).substr(0, m_from + chosen.size()));
    dismiss();
    setText(fromUtf8(text));
    return cursor;
}

void FilterInput::dismiss()
{
    if (m_candidates.isEmpty())
        return;
    m_candidates.clear();
    m_helps.clear();
    Q_EMIT candidatesChanged();
}

void FilterInput::narrow(const QString& predicate, const QString& value)
{
    const std::string term = predicate.toStdString() + '=' + quoted(value.toStdString());
    const auto wanted = filter::parse(term);
    const auto present = filter::parse(m_text.toStdString());
    const auto* const added = std::get_if<filter::Expression>(&wanted);
    const auto* const known = std::get_if<filter::Expression>(&present);
    if (added == nullptr)
        return;
    if (known == nullptr || known->isAll()) // what is no filter gives way
        setText(fromUtf8(term));
    else
        setText(fromUtf8(filter::toText(
            filter::Expression(filter::joinedNode(filter::Node::Kind::And, {known->root(), added->root()})))));
    apply();
}

} // namespace luthien::desktop
