package service;

import java.util.Map;

/** The body is decoded JSON: maps, lists, texts, numbers, booleans; null without one. */
record Request(Map<String, String> params, String query, Object body) {}
