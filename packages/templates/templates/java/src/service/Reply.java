package service;

/** The body is written as JSON; null is none. */
record Reply(int status, Object body) {}
