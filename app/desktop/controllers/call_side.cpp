// SPDX-License-Identifier: Apache-2.0
#include "desktop/controllers/call_side.h"

#include "desktop/models/call_texts.h"
#include "desktop/models/readable_json.h"
#include "desktop/models/visible_text.h"

#include <boost/json.hpp>

#include <algorithm>

namespace luthien::desktop {

using namespace Qt::StringLiterals;

namespace {
namespace json = boost::json;

// Comparing longer ones would keep the window waiting.
constexpr std::size_t kLongestCompared = 1 << 20;

QString stringAt(const json::object& object, const char* name)
{
    const json::value* const value = object.if_contains(name);
    return value != nullptr && value->is_string() ? visibleText(std::string_view(value->get_string())) : QString();
}

std::string_view textOf(const json::value& value)
{
    return value.is_string() ? std::string_view(value.get_string()) : std::string_view();
}
} // namespace

CallSide::CallSide(CallDetailSource& source, Side side, QObject* parent)
    : QObject(parent)
    , m_source(source)
    , m_side(side)
{
    connect(&source, &CallDetailSource::textLoaded, this,
            [this](quint64 token, CallText which, const std::shared_ptr<const std::string>& text) {
                if (token == m_token)
                    take(which, text);
            });
    connect(&source, &CallDetailSource::failed, this, [this](quint64 token, const QString& problem) {
        if (token != m_token || m_missing.empty())
            return;
        m_missing.clear();
        m_notice = problem;
        Q_EMIT changed();
    });
}

void CallSide::clear()
{
    m_token = 0;
    m_line.clear();
    m_names.clear();
    m_values.clear();
    m_notice.clear();
    m_forms.clear();
    m_missing.clear();
    m_texts.clear();
    m_choice = 0;
    m_tree.show({});
    m_differences.compare({}, {});
    Q_EMIT changed();
}

void CallSide::begin(quint64 token, const CallDetail& detail)
{
    const bool isSame = detail.call.id == m_call && !m_forms.empty();
    const int before = m_choice;
    clear();
    m_token = token;
    m_call = detail.call.id;
    m_isStream = detail.call.stream;
    readHead(detail);
    if (m_side == Side::Request) {
        m_forms = {{tr("As it came"), {CallText::Request}}};
        if (detail.hasSentRequest) {
            m_forms.push_back({tr("As it was sent"), {CallText::SentRequest}});
            m_forms.push_back({tr("What differs"), {CallText::Request, CallText::SentRequest}});
        }
    } else {
        m_forms = {{tr("Reply"), {CallText::Reply}}, {tr("As it came"), {CallText::Body}}};
        if (detail.call.response.changedBytes > 0) {
            m_forms.push_back({tr("As it was sent"), {CallText::SentReply}});
            m_forms.push_back({tr("What differs"), {CallText::Reply, CallText::SentReply}});
        }
    }
    if (isSame && before < static_cast<int>(m_forms.size()))
        m_choice = before;
    if (detail.call.areTextsRemoved) {
        m_forms.clear();
        m_notice = tr("What was asked and answered here is past the time for which it is kept.");
    }
    if (m_isWanted)
        show();
    Q_EMIT changed();
}

void CallSide::readHead(const CallDetail& detail)
{
    const bool isRequest = m_side == Side::Request;
    boost::system::error_code failed;
    const json::value parsed = json::parse(isRequest ? detail.requestHead : detail.responseHead, failed);
    const json::object* const head = failed ? nullptr : parsed.if_object();
    if (isRequest) {
        const QString target = head != nullptr ? stringAt(*head, "target") : QString();
        m_line = visibleText(detail.call.method) + u' ' + (target.isEmpty() ? visibleText(detail.call.path) : target);
    } else if (detail.call.httpStatus != 0) {
        m_line = tr("HTTP %1").arg(detail.call.httpStatus);
    }
    const json::value* const headers = head != nullptr ? head->if_contains("headers") : nullptr;
    if (headers == nullptr || !headers->is_array())
        return;
    for (const json::value& header : headers->get_array()) {
        if (const json::array* const pair = header.if_array(); pair != nullptr && pair->size() == 2) {
            m_names << visibleText(textOf((*pair)[0]));
            m_values << visibleText(textOf((*pair)[1]));
        }
    }
}

QStringList CallSide::choices() const
{
    QStringList names;
    for (const Form& form : m_forms)
        names << form.name;
    return names;
}

bool CallSide::isComparing() const
{
    return m_choice < static_cast<int>(m_forms.size()) && m_forms[static_cast<std::size_t>(m_choice)].texts.size() == 2;
}

void CallSide::want()
{
    if (m_isWanted)
        return;
    m_isWanted = true;
    if (m_token != 0)
        show();
}

void CallSide::choose(int choice)
{
    if (choice < 0 || choice >= static_cast<int>(m_forms.size()) || choice == m_choice)
        return;
    m_choice = choice;
    show();
}

/// Shows the form that is chosen, or asks for what it takes.
void CallSide::show()
{
    if (m_choice >= static_cast<int>(m_forms.size()))
        return;
    const Form& form = m_forms[static_cast<std::size_t>(m_choice)];
    std::vector<std::shared_ptr<const std::string>> texts;
    for (const CallText which : form.texts) {
        const auto known = std::ranges::find(m_texts, which, [](const auto& each) { return each.first; });
        if (known != m_texts.end()) {
            texts.push_back(known->second);
        } else if (std::ranges::find(m_missing, which) == m_missing.end()) {
            m_missing.push_back(which);
            m_source.loadText(m_token, m_call, which);
        }
    }
    m_notice.clear();
    m_tree.show({});
    m_differences.compare({}, {});
    if (texts.size() == form.texts.size() && texts.size() == 1) {
        const bool isLines = form.texts.front() == CallText::Body && m_isStream;
        m_tree.show(texts.front(), isLines ? JsonTreeModel::Form::Text : JsonTreeModel::Form::Json);
        if (texts.front()->empty())
            m_notice = tr("Nothing was recorded.");
    } else if (texts.size() == form.texts.size()) {
        if (std::max(texts[0]->size(), texts[1]->size()) > kLongestCompared)
            m_notice = tr("Too long to be compared here.");
        else
            m_differences.compare(indentJson(*texts[0]), indentJson(*texts[1]));
    }
    Q_EMIT changed();
}

void CallSide::take(CallText which, const std::shared_ptr<const std::string>& text)
{
    if (std::erase(m_missing, which) == 0)
        return;
    m_texts.emplace_back(which, text);
    if (m_missing.empty())
        show();
}

} // namespace luthien::desktop
