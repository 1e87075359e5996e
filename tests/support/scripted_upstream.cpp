// SPDX-License-Identifier: Apache-2.0
#include "support/scripted_upstream.h"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <arpa/inet.h>
#include <csignal>
#include <cstdlib>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

namespace luthien::test {

namespace {
constexpr long kCertificateSeconds = 3600;

std::string pemOf(const std::function<void(BIO*)>& write)
{
    const std::unique_ptr<BIO, int (*)(BIO*)> memory(BIO_new(BIO_s_mem()), BIO_free);
    write(memory.get());
    char* data = nullptr;
    const long size = BIO_get_mem_data(memory.get(), &data);
    return {data, static_cast<std::size_t>(size)};
}

void addExtension(X509* certificate, int nid, const std::string& value)
{
    X509V3_CTX context;
    X509V3_set_ctx_nodb(&context);
    X509V3_set_ctx(&context, certificate, certificate, nullptr, nullptr, 0);
    X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, &context, nid, value.c_str());
    X509_add_ext(certificate, extension, -1);
    X509_EXTENSION_free(extension);
}

std::shared_ptr<ssl_ctx_st> serverContext(const TestCertificate& material)
{
    std::shared_ptr<ssl_ctx_st> context(SSL_CTX_new(TLS_server_method()), SSL_CTX_free);
    BIO* certificateBio =
        BIO_new_mem_buf(material.certificatePem.data(), static_cast<int>(material.certificatePem.size()));
    X509* certificate = PEM_read_bio_X509(certificateBio, nullptr, nullptr, nullptr);
    BIO* keyBio = BIO_new_mem_buf(material.keyPem.data(), static_cast<int>(material.keyPem.size()));
    EVP_PKEY* key = PEM_read_bio_PrivateKey(keyBio, nullptr, nullptr, nullptr);
    SSL_CTX_use_certificate(context.get(), certificate);
    SSL_CTX_use_PrivateKey(context.get(), key);
    X509_free(certificate);
    EVP_PKEY_free(key);
    BIO_free(certificateBio);
    BIO_free(keyBio);
    return context;
}

std::string headOf(const ScriptedReply& reply)
{
    std::string head = "HTTP/1.1 " + std::to_string(reply.status) + " Scripted\r\n";
    for (const auto& [name, value] : reply.headers)
        head += name + ": " + value + "\r\n";
    std::size_t length = 0;
    for (const std::string& piece : reply.pieces)
        length += piece.size();
    if (reply.framing == ScriptedReply::Framing::Chunked)
        head += "Transfer-Encoding: chunked\r\n";
    else if (reply.framing == ScriptedReply::Framing::Length) // a reply to be cut promises more than it gives
        head += "Content-Length: " + std::to_string(length + (reply.end == ScriptedReply::End::Cut ? 100 : 0)) + "\r\n";
    if (reply.end == ScriptedReply::End::Close || reply.framing == ScriptedReply::Framing::UntilClose)
        head += "Connection: close\r\n";
    return head + "\r\n";
}

std::string chunkOf(const std::string& piece)
{
    char size[32];
    std::snprintf(size, sizeof size, "%zx\r\n", piece.size());
    return size + piece + "\r\n";
}
} // namespace

TestCertificate TestCertificate::make(const std::vector<std::string>& dnsNames,
                                      const std::vector<std::string>& addresses)
{
    const std::unique_ptr<EVP_PKEY, void (*)(EVP_PKEY*)> key(EVP_EC_gen("P-256"), EVP_PKEY_free);
    const std::unique_ptr<X509, void (*)(X509*)> certificate(X509_new(), X509_free);
    X509_set_version(certificate.get(), 2);
    ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), std::rand());
    X509_gmtime_adj(X509_getm_notBefore(certificate.get()), -kCertificateSeconds);
    X509_gmtime_adj(X509_getm_notAfter(certificate.get()), kCertificateSeconds);
    X509_set_pubkey(certificate.get(), key.get());
    X509_NAME* name = X509_get_subject_name(certificate.get());
    const unsigned char common[] = "luthien test";
    X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, common, -1, -1, 0);
    X509_set_issuer_name(certificate.get(), name);
    std::string names;
    for (const std::string& dns : dnsNames)
        names += (names.empty() ? "DNS:" : ",DNS:") + dns;
    for (const std::string& address : addresses)
        names += (names.empty() ? "IP:" : ",IP:") + address;
    addExtension(certificate.get(), NID_subject_alt_name, names);
    addExtension(certificate.get(), NID_basic_constraints, "critical,CA:TRUE");
    X509_sign(certificate.get(), key.get(), EVP_sha256());
    return {pemOf([&](BIO* out) { PEM_write_bio_X509(out, certificate.get()); }),
            pemOf([&](BIO* out) { PEM_write_bio_PrivateKey(out, key.get(), nullptr, nullptr, 0, nullptr, nullptr); })};
}

std::string ScriptedRequest::header(std::string_view name) const
{
    for (const auto& [key, value] : headers) {
        if (key.size() == name.size() && strncasecmp(key.data(), name.data(), name.size()) == 0)
            return value;
    }
    return {};
}

/// One accepted socket, on its own thread.
class ScriptedUpstream::Connection
{
public:
    Connection(ScriptedUpstream& owner, int descriptor, int number)
        : m_owner(owner)
        , m_descriptor(descriptor)
        , m_number(number)
    {
    }

    void serve()
    {
        if (m_owner.m_tls && !shakeHands())
            return;
        while (auto request = readRequest()) {
            {
                const std::scoped_lock lock(m_owner.m_mutex);
                m_owner.m_requests.push_back(*request);
                m_owner.m_changed.notify_all();
            }
            if (!answer(m_owner.m_script(*request), request->method == "HEAD"))
                break;
        }
        if (m_tls)
            SSL_shutdown(m_tls.get());
    }

private:
    bool shakeHands()
    {
        m_tls.reset(SSL_new(m_owner.m_tls.get()));
        SSL_set_fd(m_tls.get(), m_descriptor);
        return SSL_accept(m_tls.get()) == 1;
    }

    bool readMore()
    {
        char buffer[16 * 1024];
        const auto count = m_tls ? SSL_read(m_tls.get(), buffer, sizeof buffer)
                                 : static_cast<int>(::recv(m_descriptor, buffer, sizeof buffer, 0));
        if (count <= 0)
            return false;
        m_input.append(buffer, static_cast<std::size_t>(count));
        return true;
    }

    bool send(std::string_view bytes)
    {
        while (!bytes.empty()) {
            const auto count = m_tls ? SSL_write(m_tls.get(), bytes.data(), static_cast<int>(bytes.size()))
                                     : static_cast<int>(::send(m_descriptor, bytes.data(), bytes.size(), MSG_NOSIGNAL));
            if (count <= 0)
                return false;
            bytes.remove_prefix(static_cast<std::size_t>(count));
        }
        return true;
    }

    std::optional<ScriptedRequest> readRequest()
    {
        std::size_t end = 0;
        while ((end = m_input.find("\r\n\r\n")) == std::string::npos) {
            if (!readMore())
                return std::nullopt;
        }
        ScriptedRequest request{.connection = m_number};
        std::string_view head = std::string_view(m_input).substr(0, end + 2);
        const auto line = head.substr(0, head.find("\r\n"));
        request.method = line.substr(0, line.find(' '));
        request.target = line.substr(line.find(' ') + 1, line.rfind(' ') - line.find(' ') - 1);
        head.remove_prefix(line.size() + 2);
        while (!head.empty()) {
            const auto field = head.substr(0, head.find("\r\n"));
            const auto colon = field.find(':');
            request.headers.emplace_back(field.substr(0, colon), field.substr(std::min(colon + 2, field.size())));
            head.remove_prefix(field.size() + 2);
        }
        m_input.erase(0, end + 4);
        const std::string announced = request.header("content-length");
        const std::size_t length = announced.empty() ? 0 : std::stoul(announced);
        while (m_input.size() < length) {
            if (!readMore())
                return std::nullopt;
        }
        request.body = m_input.substr(0, length);
        m_input.erase(0, length);
        return request;
    }

    /// False = the connection is over.
    bool answer(const ScriptedReply& reply, bool headOnly)
    {
        if (!reply.raw.empty())
            return send(reply.raw) && finish(reply.end);
        if (!send(headOf(reply)))
            return aborted();
        for (std::size_t i = 0; i < reply.pieces.size() && !headOnly; ++i) {
            if (reply.beforePiece)
                reply.beforePiece(i);
            const bool chunked = reply.framing == ScriptedReply::Framing::Chunked;
            if (!send(chunked ? chunkOf(reply.pieces[i]) : reply.pieces[i]))
                return aborted();
        }
        const bool ends = reply.end == ScriptedReply::End::KeepAlive || reply.end == ScriptedReply::End::Close;
        if (ends && !headOnly && reply.framing == ScriptedReply::Framing::Chunked && !send("0\r\n\r\n"))
            return aborted();
        return finish(reply.framing == ScriptedReply::Framing::UntilClose && ends ? ScriptedReply::End::Close
                                                                                  : reply.end);
    }

    bool finish(ScriptedReply::End end)
    {
        if (end != ScriptedReply::End::Hang)
            return end == ScriptedReply::End::KeepAlive;
        while (readMore())
            ;
        return aborted();
    }

    bool aborted()
    {
        const std::scoped_lock lock(m_owner.m_mutex);
        if (!m_owner.m_stopping)
            m_owner.m_abortedAt = std::chrono::steady_clock::now();
        m_owner.m_changed.notify_all();
        return false;
    }

    struct FreeTls
    {
        void operator()(SSL* session) const noexcept { SSL_free(session); }
    };
    ScriptedUpstream& m_owner;
    int m_descriptor;
    int m_number;
    std::unique_ptr<SSL, FreeTls> m_tls;
    std::string m_input;
};

ScriptedUpstream::ScriptedUpstream(Script script, std::optional<TestCertificate> tls)
    : m_script(std::move(script))
{
    std::signal(SIGPIPE, SIG_IGN); // OpenSSL writes to sockets the code under test has closed
    if (tls)
        m_tls = serverContext(*tls);
    m_listener = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t length = sizeof address;
    const bool listening = ::bind(m_listener, reinterpret_cast<sockaddr*>(&address), length) == 0 &&
                           ::listen(m_listener, 4096) == 0 &&
                           ::getsockname(m_listener, reinterpret_cast<sockaddr*>(&address), &length) == 0;
    if (!listening)
        std::abort();
    m_port = ntohs(address.sin_port);
    m_acceptThread = std::thread([this] { acceptLoop(); });
}

ScriptedUpstream::~ScriptedUpstream()
{
    m_stopping = true;
    ::shutdown(m_listener, SHUT_RDWR);
    m_acceptThread.join();
    {
        const std::scoped_lock lock(m_mutex);
        for (const int descriptor : m_sockets)
            ::shutdown(descriptor, SHUT_RDWR);
    }
    for (std::thread& thread : m_threads)
        thread.join();
    ::close(m_listener);
}

void ScriptedUpstream::acceptLoop()
{
    for (;;) {
        const int descriptor = ::accept4(m_listener, nullptr, nullptr, SOCK_CLOEXEC);
        if (descriptor < 0)
            return;
        const int one = 1;
        ::setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
        const int number = m_accepted++;
        const std::scoped_lock lock(m_mutex);
        m_sockets.push_back(descriptor);
        m_threads.emplace_back([this, descriptor, number] {
            Connection(*this, descriptor, number).serve();
            const std::scoped_lock inner(m_mutex);
            std::erase(m_sockets, descriptor);
            ::close(descriptor);
        });
    }
}

std::string ScriptedUpstream::baseUrl(std::string_view host) const
{
    return (m_tls ? "https://" : "http://") + std::string(host) + ':' + std::to_string(m_port);
}

std::vector<ScriptedRequest> ScriptedUpstream::requests() const
{
    const std::scoped_lock lock(m_mutex);
    return m_requests;
}

void ScriptedUpstream::forgetRequests()
{
    const std::scoped_lock lock(m_mutex);
    std::vector<ScriptedRequest>().swap(m_requests);
}

std::optional<std::chrono::steady_clock::time_point>
ScriptedUpstream::waitForAbort(std::chrono::milliseconds deadline) const
{
    std::unique_lock lock(m_mutex);
    m_changed.wait_for(lock, deadline, [this] { return m_abortedAt.has_value(); });
    return m_abortedAt;
}

} // namespace luthien::test
